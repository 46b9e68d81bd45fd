import { Flags } from '@oclif/core';
import { stopAll, stopServer, type StopResult } from '../../runtime/servers/stop.js';
import { resolveHome } from '../../runtime/config/home.js';
import { BaseCommand } from '../_base.js';
import { portFlag } from '../_flags.js';
import { noServerText } from './_no-server.js';

export default class ServingStop extends BaseCommand {
  static override summary = 'stop a server after it has finished its work';
  static override examples = ['<%= config.bin %> serving stop -p 8868', '<%= config.bin %> serving stop --all'];
  static override flags = {
    port: portFlag(),
    all: Flags.boolean({ description: 'stop every server of this home folder' }),
  };

  override async run(): Promise<StopResult | StopResult[]> {
    const { flags } = await this.parse(ServingStop);
    const home = resolveHome();
    if (!flags.all) return this.#report(await stopServer(home, flags.port));
    const results = await stopAll(home);
    if (results.length === 0) this.log(noServerText(home));
    return results.map((result) => this.#report(result));
  }

  #report(result: StopResult): StopResult {
    const { port, pid, stopped, killed } = result;
    if (!stopped) this.log(`The server on port ${port} had already ended (pid ${pid}); its state file is removed`);
    else if (killed) this.log(`The server on port ${port} (pid ${pid}) did not end within its grace and was killed`);
    else this.log(`Stopped the server on port ${port} (pid ${pid})`);
    return result;
  }
}
