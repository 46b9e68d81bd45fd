import { setTimeout as sleep } from 'node:timers/promises';
import { OcrHubError } from '../errors/error.js';
import { toFileError } from '../files/to-file-error.js';
import type { Home } from '../config/home.js';
import { refreshServed } from '../options/requested-modules.js';
import { contentFolder } from '../registry/store.js';
import { restartServer } from './restart.js';
import { findState, removeState } from './state/find.js';
import { isAlive } from './state/liveness.js';
import type { ServerState } from './state/server-state.js';
import { outsideInputs } from './outside-inputs.js';
import { WatchedFolder } from './watched-folder.js';

/** An editor writes a file in several steps; changes within this time count as one. */
const settleMs = 100;

/** How long to wait before the next try if another command reloads the server. */
const busyRetryMs = 1000;

/** How often the server and the names of the folders are checked. */
const checkIntervalMs = 1000;

/** A cold restart leaves the port without a server; after this time the server counts as gone. */
const maxAbsenceMs = 10_000;

export interface WatchEvents {
  reloaded(ms: number): void;
  /** The change cannot be compiled or loaded; the server keeps serving the old code. */
  refused(error: OcrHubError): void;
}

/**
 * Reloads a server when a file changes in a folder that it serves, and at once if a file changed while the server started.
 * Resolves when `signal` is aborted or when the server was stopped.
 *
 * @throws OcrHubError `server_died` if the server died without being stopped
 */
export async function watchServed(
  home: Home,
  state: ServerState,
  events: WatchEvents,
  signal: AbortSignal,
): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  let running = Promise.resolve();
  let ended = false;
  const scheduleReload = (afterMs = settleMs): void => {
    clearTimeout(timer);
    if (ended) return;
    timer = setTimeout(() => {
      // Before the files are read, so that every later change is reported.
      for (const folder of [...folders, ...outside]) folder.renew();
      running = running.then(async () => {
        if ((await reload(home, state.port, events)) === 'busy') scheduleReload(busyRetryMs);
        else await watchOutside();
      });
    }, afterMs);
  };
  const watched = (folder: string, only?: ReadonlySet<string>): WatchedFolder =>
    new WatchedFolder(
      folder,
      {
        changed: () => scheduleReload(),
        failed: (error) => {
          events.refused(toFileError(folder, error));
        },
      },
      only,
    );
  const folders = state.options.modules.flatMap((module) => module.folder ?? []).map((folder) => watched(folder));
  let outside: readonly WatchedFolder[] = [];
  /** Watches the files outside the folders that the served code has now. */
  const watchOutside = async (): Promise<void> => {
    const { options } = (await findState(home, state.port)) ?? state;
    const served = options.modules.flatMap(({ folder, ...module }) =>
      folder === undefined ? [] : [{ folder, path: contentFolder(home, module) }],
    );
    const inputs = await Promise.all(served.map(outsideInputs)).catch((error: unknown) => {
      events.refused(OcrHubError.of(error));
      return [];
    });
    for (const folder of outside) folder.close();
    outside = ended ? [] : inputs.flatMap((files) => [...files]).map(([folder, names]) => watched(folder, names));
  };
  await watchOutside();
  if (await isOutdated(home, state)) scheduleReload();
  const dead = await waitUntilGone(home, state.port, signal, () => {
    if ([...folders, ...outside].some((folder) => folder.isReplaced)) scheduleReload();
  });
  ended = true;
  clearTimeout(timer);
  for (const folder of [...folders, ...outside]) folder.close();
  await running;
  if (dead === undefined) return;
  await removeState(home, dead);
  throw new OcrHubError('server_died', { port: dead.port, pid: dead.pid });
}

/** Whether a folder changed, or cannot be built any more, since the server built it. */
async function isOutdated(home: Home, { options }: ServerState): Promise<boolean> {
  const served = options.modules.filter(({ folder }) => folder !== undefined);
  const current = await Promise.all(served.map((module) => refreshServed(home, module).catch(() => undefined)));
  return current.some((module, i) => module?.hash !== served[i]?.hash);
}

/** Returns the state of a server that died. A stopped server has removed its state file, so that undefined is returned. */
async function waitUntilGone(
  home: Home,
  port: number,
  signal: AbortSignal,
  check: () => void,
): Promise<ServerState | undefined> {
  let lastSeen = performance.now();
  let dead: ServerState | undefined;
  while (!signal.aborted && performance.now() - lastSeen < maxAbsenceMs) {
    // sleep rejects when the signal is aborted.
    await sleep(checkIntervalMs, undefined, { signal }).catch(() => undefined);
    check();
    const state = await findState(home, port);
    const alive = state !== undefined && (await isAlive(home, state));
    if (alive) lastSeen = performance.now();
    // Keeps the last state: another command may remove the file of a dead server. A stopped server removes it itself,
    // before it ends.
    dead = alive ? undefined : ((await findState(home, port)) ?? dead);
  }
  return signal.aborted ? undefined : dead;
}

async function reload(home: Home, port: number, events: WatchEvents): Promise<'done' | 'busy'> {
  const start = performance.now();
  try {
    await restartServer(home, port, false);
    events.reloaded(performance.now() - start);
  } catch (error) {
    // The running reload may have read the files before this change.
    if (OcrHubError.is(error) && error.code === 'reload_busy') return 'busy';
    events.refused(OcrHubError.of(error));
  }
  return 'done';
}
