import { Flags } from '@oclif/core';
import { followLog, lastLogLines } from '../../runtime/serving/read-log.js';
import { resolveHome } from '../../runtime/settings.js';
import { BaseCommand } from '../_base.js';
import { portFlag } from '../_flags.js';

export default class ServingLogs extends BaseCommand {
  static override summary = "print a server's log: a JSON object a line";
  static override examples = [
    '<%= config.bin %> serving logs -p 8866 -n 20',
    '<%= config.bin %> serving logs -p 8866 -f',
  ];
  static override flags = {
    port: portFlag(),
    lines: Flags.integer({ char: 'n', description: 'how many of the last lines', default: 50, min: 0 }),
    follow: Flags.boolean({ char: 'f', description: 'go on with new lines until Ctrl+C', exclusive: ['json'] }),
  };

  override async run(): Promise<unknown[]> {
    const { flags } = await this.parse(ServingLogs);
    const home = resolveHome();
    const lines = await lastLogLines(home, flags.port, flags.lines);
    for (const line of lines) this.log(line);
    if (flags.follow) {
      const stop = new AbortController();
      process.once('SIGINT', () => {
        stop.abort();
      });
      for await (const line of followLog(home, flags.port, stop.signal)) this.log(line);
    }
    return lines.map((line) => JSON.parse(line) as unknown);
  }
}
