import { Args } from '@oclif/core';
import { resolveHome } from '../runtime/home.js';
import { BaseCommand } from './_base.js';
import { bashCompletion, zshCompletion } from './_completion.js';

export default class Completion extends BaseCommand {
  static override summary = 'print what makes a shell complete commands, flags and module names';
  static override description =
    'Where the package bash-completion is installed, its folder is the place for bash; otherwise ~/.bashrc. Once more after an update.';
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
