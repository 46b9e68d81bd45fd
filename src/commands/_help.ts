import { Help } from '@oclif/core';
import { refuseUnknownCommand } from './_suggest.js';

/** oclif's help. An unknown command is refused with the same message as elsewhere. */
export default class OcrHubHelp extends Help {
  override async showHelp(argv: string[]): Promise<void> {
    refuseUnknownCommand(argv, this.config);
    // oclif reads `help help` as a request for the list of commands.
    const help = this.config.findCommand('help');
    if (help !== undefined && argv.filter((word) => !word.startsWith('-')).join(' ') === 'help') {
      await this.showCommandHelp(help);
      return;
    }
    await super.showHelp(argv);
  }
}
