import { setTimeout as sleep } from 'node:timers/promises';
import { OcrHubError } from '../errors/error.js';
import type { Home } from '../config/home.js';
import { isAlive } from './state/liveness.js';
import { restartServer } from './restart.js';
import { refreshServed } from '../options/requested-modules.js';
import { readState, removeState } from './state/state-file.js';
import type { ServerState } from './state/server-state.js';
import { WatchedFolder } from './watched-folder.js';

/** An editor writes a file in several steps; what comes within this time is one change. Milliseconds. */
const settleTime = 100;
/** Somebody else's reload takes a while; the change is tried again after it. Milliseconds. */
const busyPause = 1000;

/** How often it is looked whether there still is a server, and whether the folders are the same. Milliseconds. */
const lookInterval = 1000;
/** A cold restart leaves the port without a server for a while; after this long there will be none. Milliseconds. */
const patience = 10_000;

export interface WatchEvents {
  reloaded(ms: number): void;
  /** The change cannot be compiled or loaded; the old code serves on. */
  refused(error: OcrHubError): void;
}

/**
 * Reloads a server whenever a file changes in one of the folders that it serves, or has changed since they were built
 * for its start. Ends with the signal, or when the port has no server any more.
 *
 * @throws OcrHubError `server_died` when nobody stopped it
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
  const settle = (after = settleTime): void => {
    clearTimeout(timer);
    if (ended) return;
    timer = setTimeout(() => {
      // Before the files are read: what changes from now on is told.
      for (const folder of folders) folder.renew();
      running = running.then(async () => {
        if ((await reload(home, state.port, events)) === 'busy') settle(busyPause);
      });
    }, after);
  };
  const folders = state.options.modules
    .flatMap((module) => module.folder ?? [])
    .map(
      (folder) =>
        new WatchedFolder(folder, {
          changed: () => settle(),
          failed: (error) => {
            const problem = error.message;
            events.refused(new OcrHubError('file_not_found', { file: folder, problem }, { cause: error }));
          },
        }),
    );
  if (await isBehind(home, state)) settle();
  const dead = await untilGone(home, state.port, signal, () => {
    if (folders.some((folder) => folder.isReplaced)) settle();
  });
  ended = true;
  clearTimeout(timer);
  for (const folder of folders) folder.close();
  await running;
  if (dead === undefined) return;
  await removeState(home, dead);
  throw new OcrHubError('server_died', { port: dead.port, pid: dead.pid });
}

/**
 * Whether a folder holds something else than what is served, or what cannot be built: it was edited during the start.
 */
async function isBehind(home: Home, { options }: ServerState): Promise<boolean> {
  const served = options.modules.filter(({ folder }) => folder !== undefined);
  const now = await Promise.all(served.map((module) => refreshServed(home, module).catch(() => undefined)));
  return now.some((module, i) => module?.hash !== served[i]?.hash);
}

/** Answers the state of a server that died: one that was stopped has removed its state file. */
async function untilGone(
  home: Home,
  port: number,
  signal: AbortSignal,
  look: () => void,
): Promise<ServerState | undefined> {
  let seen = performance.now();
  let dead: ServerState | undefined;
  while (!signal.aborted && performance.now() - seen < patience) {
    // The signal ends the wait with an error.
    await sleep(lookInterval, undefined, { signal }).catch(() => undefined);
    look();
    const state = await readState(home, port);
    const alive = state !== undefined && (await isAlive(home, state));
    if (alive) seen = performance.now();
    // A clean-up by another command may remove the file of a dead server later; its own end removes it first.
    dead = alive ? undefined : ((await readState(home, port)) ?? dead);
  }
  return signal.aborted ? undefined : dead;
}

async function reload(home: Home, port: number, events: WatchEvents): Promise<'done' | 'busy'> {
  const start = performance.now();
  try {
    await restartServer(home, port, false);
    events.reloaded(performance.now() - start);
  } catch (error) {
    // What is being loaded may have been read before this change.
    if (OcrHubError.is(error) && error.code === 'reload_busy') return 'busy';
    events.refused(OcrHubError.of(error));
  }
  return 'done';
}
