import { Help } from '@oclif/core';
import { refuseUnknownCommand } from './_unknown-command.js';

/** oclif's help; a command that is not there is refused as everywhere, with the nearest one. */
export default class OcrHubHelp extends Help {
  override async showHelp(argv: string[]): Promise<void> {
    refuseUnknownCommand(argv, this.config);
    // oclif takes the word for a request for help, and not for the command of that name.
    const help = this.config.findCommand('help');
    if (help !== undefined && argv.filter((word) => !word.startsWith('-')).join(' ') === 'help') {
      await this.showCommandHelp(help);
      return;
    }
    await super.showHelp(argv);
  }
}
