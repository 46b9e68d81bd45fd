import { Flags } from '@oclif/core';
import { localUrl } from '../../runtime/servers/health.js';
import { restartServer } from '../../runtime/servers/restart.js';
import { resolveHome } from '../../runtime/config/home.js';
import { BaseCommand } from '../_base.js';
import { portFlag } from '../_flags.js';

export default class ServingRestart extends BaseCommand {
  static override summary = 'serve the modules as they are installed now, with the options of the server';
  static override description =
    'The new inference processes are ready before the old ones end; no request is refused. If the new modules cannot be loaded, the old ones keep serving. The environment variables stay those of the start; --cold takes those of this command.';
  static override examples = ['<%= config.bin %> serving restart -p 8868'];
  static override flags = {
    port: portFlag(),
    cold: Flags.boolean({
      description: 'restart the server process too, with the environment variables of this command',
    }),
  };

  override async run(): Promise<RestartJson> {
    const { flags } = await this.parse(ServingRestart);
    const { state, cold } = await restartServer(resolveHome(), flags.port, flags.cold);
    const { port, pid, host, logFile, options } = state;
    const url = localUrl(state);
    this.log(`${cold ? 'Restarted' : 'Reloaded'} the server on ${url}, pid ${pid}`);
    for (const { route, version, hash } of options.modules) this.log(`  ${route} ${version} (${hash})`);
    const modules = options.modules.map(({ name, version, hash }) => ({ name, version, hash }));
    return { port, pid, host, url, cold, modules, logFile };
  }
}

interface RestartJson {
  readonly port: number;
  readonly pid: number;
  readonly host: string;
  readonly url: string;
  readonly cold: boolean;
  readonly modules: readonly { name: string; version: string; hash: string }[];
  readonly logFile: string;
}
