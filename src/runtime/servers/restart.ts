import { OcrHubError } from '../errors/error.js';
import { check, z } from '../values/check.js';
import { packageVersion } from '../package.js';
import { readToken } from '../config/token.js';
import type { Home } from '../config/home.js';
import { refreshServed } from '../options/requested-modules.js';
import { servedModule, serveOptions } from '../options/serve-options.js';
import { askServer } from './control/ask.js';
import { launchServer, prepareStart } from './launch.js';
import { requireState } from './state/find.js';
import { isAlive } from './state/liveness.js';
import type { ServerState } from './state/server-state.js';
import { stopServer } from './stop.js';

export interface RestartResult {
  readonly state: ServerState;
  /** False if the server process loaded the new modules itself, true if it was replaced by a new process. */
  readonly cold: boolean;
}

/**
 * Serves the modules as they are installed now, with the options that the port has. The new inference processes are ready
 * before the old ones end, and no request is refused. The server process itself is replaced only if it runs another version
 * of ocrhub, or if `cold` is true.
 *
 * @throws OcrHubError `server_not_found`, `server_of_other_home`, `server_in_foreground`, `token_missing`, `value_invalid`, and the error of a
 *   module that cannot be loaded; after that the old modules are still served, unless the restart was cold
 */
export async function restartServer(home: Home, port: number, cold: boolean): Promise<RestartResult> {
  const state = await requireState(home, port);
  const subject = `the options of the server on port ${port}`;
  const refreshed = await Promise.all(state.options.modules.map((module) => refreshServed(home, module)));
  const alive = await isAlive(home, state);
  if (alive && !cold && state.version === packageVersion) {
    const modules = check(z.array(servedModule), refreshed, subject);
    return { state: await askServer(home, state, { action: 'reload', modules }), cold: false };
  }
  // Also if it has died: systemd or the container restarts it, and a detached server would take its port.
  if (state.foreground) throw new OcrHubError('server_in_foreground', { port, pid: state.pid });
  // Before the server is stopped: another version of ocrhub may have written other options.
  const options = check(serveOptions, { ...state.options, modules: refreshed }, subject);
  if (state.tokenRequired && (await readToken(options.tokenFile)) === undefined) {
    throw new OcrHubError('token_missing', { port });
  }
  if (alive) await stopServer(home, port);
  await prepareStart(home, options);
  return { state: await launchServer(home, options), cold: true };
}
