import { watch } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { OcrHubError } from '../errors.js';
import type { Home } from '../settings.js';
import { isAlive } from './identity.js';
import { restartServer } from './restart.js';
import { readState, type ServerState } from './state.js';

/** An editor writes a file in several steps; what comes within this time is one change. Milliseconds. */
const settleTime = 100;

/** How often it is looked whether there still is a server. Milliseconds. */
const lookInterval = 1000;
/** A cold restart leaves the port without a server for a while; after this long there will be none. Milliseconds. */
const patience = 10_000;

export interface WatchEvents {
  reloaded(state: ServerState, ms: number): void;
  /** The change cannot be compiled or loaded; the old code serves on. */
  refused(error: OcrHubError): void;
}

/**
 * Reloads a server whenever a file changes in one of the folders that it serves. Ends with the signal, or when the port
 * has no server any more.
 */
export async function watchServed(
  home: Home,
  state: ServerState,
  events: WatchEvents,
  signal: AbortSignal,
): Promise<void> {
  const folders = state.options.modules.flatMap((module) => module.folder ?? []);
  let timer: NodeJS.Timeout | undefined;
  let running = Promise.resolve();
  const changed = (file: string | null): void => {
    if (file?.split(path.sep).includes('node_modules') === true) return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      running = running.then(() => reload(home, state.port, events));
    }, settleTime);
  };
  for (const folder of folders) {
    watch(folder, { recursive: true, signal }, (_event, file) => {
      changed(file);
    }).on('error', (error) => {
      events.refused(new OcrHubError('file_not_found', { file: folder, problem: error.message }, { cause: error }));
    });
  }
  await untilGone(home, state.port, signal);
  clearTimeout(timer);
  await running;
}

async function untilGone(home: Home, port: number, signal: AbortSignal): Promise<void> {
  let seen = performance.now();
  while (!signal.aborted && performance.now() - seen < patience) {
    // The signal ends the wait with an error.
    await sleep(lookInterval, undefined, { signal }).catch(() => undefined);
    const state = await readState(home, port);
    if (state !== undefined && (await isAlive(state))) seen = performance.now();
  }
}

async function reload(home: Home, port: number, events: WatchEvents): Promise<void> {
  const start = performance.now();
  try {
    const { state } = await restartServer(home, port, false);
    events.reloaded(state, performance.now() - start);
  } catch (error) {
    events.refused(
      OcrHubError.is(error) ? error : new OcrHubError('internal', { problem: String(error) }, { cause: error }),
    );
  }
}
