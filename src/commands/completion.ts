import { Args } from '@oclif/core';
import { resolveHome } from '../runtime/config/home.js';
import { BaseCommand } from './_base.js';
import { bashCompletion, zshCompletion } from './_completion.js';

export default class Completion extends BaseCommand {
  static override summary = 'print a shell completion script';
  static override description =
    "If the bash-completion package is installed, write the script to that package's folder, as below; otherwise append it to ~/.bashrc. Repeat this after an update of ocrhub.";
  static override examples = [
    '<%= config.bin %> completion bash > ~/.local/share/bash-completion/completions/ocrhub',
    '<%= config.bin %> completion zsh >> ~/.zshrc',
  ];
  static override args = {
    shell: Args.string({ description: 'the shell', options: ['bash', 'zsh'], required: true }),
  };

  override async run(): Promise<{ shell: string; script: string }> {
    const { args } = await this.parse(Completion);
    const bash = bashCompletion(this.config.bin, this.config.commands, resolveHome().root);
    const script = args.shell === 'zsh' ? zshCompletion(bash) : bash;
    this.log(script.trimEnd());
    return { shell: args.shell, script };
  }
}
