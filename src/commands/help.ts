import { Args, loadHelpClass } from '@oclif/core';
import { BaseCommand } from './_base.js';
import { refuseUnknownCommand } from './_suggest.js';

export default class Help extends BaseCommand {
  static override summary = 'list the commands, or describe one of them';
  static override examples = ['<%= config.bin %> help', '<%= config.bin %> help serving start'];
  static override strict = false;
  static override args = {
    command: Args.string({ description: 'a command, such as: serving start' }),
  };

  override async run(): Promise<CommandSummary[]> {
    const { argv } = await this.parse(Help);
    const words = argv as string[];
    if (this.jsonEnabled()) {
      refuseUnknownCommand([...words, '--json'], this.config);
    } else {
      const Printer = await loadHelpClass(this.config);
      await new Printer(this.config, this.config.pjson.oclif.helpOptions).showHelp(words);
    }
    return this.config.commands
      .map(({ id, summary = '' }) => ({ command: id.replaceAll(':', ' '), summary }))
      .filter(({ command }) => `${command} `.startsWith(words.map((word) => `${word} `).join('')));
  }
}

interface CommandSummary {
  readonly command: string;
  readonly summary: string;
}
