import { OcrHubError } from '../errors/error.js';
import { check } from '../values/check.js';
import { packageVersion } from '../package.js';
import { readToken } from '../config/token.js';
import type { Home } from '../config/home.js';
import { askServer } from './control/control.js';
import { isAlive } from './state/liveness.js';
import { launchServer, prepareStart } from './launch.js';
import { serveOptions } from '../options/serve-options.js';
import { refreshServed } from '../options/requested-modules.js';
import { stopServer } from './stop.js';
import { requireState } from './state/state-file.js';
import type { ServerState } from './state/server-state.js';

export interface RestartResult {
  readonly state: ServerState;
  /** False: the same server process went on and refused nothing. True: it was stopped and started anew. */
  readonly cold: boolean;
}

/**
 * Serves what is installed now on a port, with the options the port has. The new processes are ready before the old
 * ones end, and no request is refused; only when ocrhub itself is another version than the server (or `cold` is
 * asked for), the server process is ended and started anew.
 *
 * @throws OcrHubError `server_not_found`, `server_in_foreground`, `token_missing`, `value_invalid`, and whatever keeps
 *   the modules from loading; the old ones serve on then, unless the restart is cold
 */
export async function restartServer(home: Home, port: number, cold: boolean): Promise<RestartResult> {
  const state = await requireState(home, port);
  const modules = await Promise.all(state.options.modules.map((module) => refreshServed(home, module)));
  const alive = await isAlive(home, state);
  if (alive && !cold && state.version === packageVersion) {
    return { state: await askServer(home, state, { action: 'reload', modules }), cold: false };
  }
  // Also one that is dead: a detached one in its place would hold the port that systemd or a container wants for it.
  if (state.foreground) throw new OcrHubError('server_in_foreground', { port, pid: state.pid });
  // Before anything is stopped: a server of another version need not have known all of them.
  const options = check(serveOptions, { ...state.options, modules }, `the options of the server on port ${port}`);
  if (state.tokenRequired && (await readToken(options.tokenFile)) === undefined) {
    throw new OcrHubError('token_missing', { port });
  }
  if (alive) await stopServer(home, port);
  await prepareStart(home, options);
  return { state: await launchServer(home, options), cold: true };
}
