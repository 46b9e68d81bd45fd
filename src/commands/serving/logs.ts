import { Flags } from '@oclif/core';
import { LogReader } from '../../runtime/servers/log-reader.js';
import { resolveHome } from '../../runtime/config/home.js';
import { watchReader } from '../../runtime/process/reader-gone.js';
import { watchServer } from '../../runtime/servers/watch-end.js';
import { BaseCommand } from '../_base.js';
import { portFlag } from '../_flags.js';

export default class ServingLogs extends BaseCommand {
  static override summary = "print a server's log: a JSON object a line";
  static override examples = [
    '<%= config.bin %> serving logs -p 8868 -n 20',
    '<%= config.bin %> serving logs -p 8868 -f',
  ];
  static override flags = {
    port: portFlag(),
    lines: Flags.integer({ char: 'n', description: 'maximum number of existing lines to print', default: 50, min: 0 }),
    follow: Flags.boolean({ char: 'f', description: 'keep printing new lines until Ctrl+C', exclusive: ['json'] }),
  };

  override async run(): Promise<unknown[]> {
    const { flags } = await this.parse(ServingLogs);
    const home = resolveHome();
    const log = await LogReader.open(home, flags.port);
    const existing = await log.lines();
    // With --follow, an unfinished line is printed once it is complete.
    if (!flags.follow && log.unfinished !== '') existing.push(log.unfinished);
    const lines = existing.slice(Math.max(0, existing.length - flags.lines));
    for (const line of lines) this.log(line);
    if (flags.follow) {
      const stop = new AbortController();
      process.once('SIGINT', () => {
        stop.abort();
      });
      watchReader();
      const watched = watchServer(home, flags.port, (text) => this.note(text));
      for await (const line of log.follow(stop.signal)) this.log(line);
      watched.close();
    }
    await log.close();
    return this.jsonEnabled() ? lines.map(parseLine) : [];
  }
}

/** A line that a full disk cut off is no JSON and stays text. */
function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return line;
  }
}
