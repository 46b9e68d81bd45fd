import { stat } from 'node:fs/promises';
import type { Home } from '../config/home.js';
import { logFile } from './log-file.js';
import { findState } from './state/find.js';
import { isAlive } from './state/liveness.js';

/** How often it is looked for. */
const everyMs = 1000;

/**
 * Tells a follower of a log what the log cannot: that the server has ended, runs again, or that the file is gone. Each is told once.
 *
 * @param tell gets a sentence
 */
export function watchServer(home: Home, port: number, tell: (text: string) => void): { close(): void } {
  let wasRunning: boolean | undefined;
  let wasThere = true;
  let isBusy = false;
  const look = async (): Promise<void> => {
    const state = await findState(home, port);
    const isRunning = state !== undefined && (await isAlive(home, state));
    const isThere = (await stat(logFile(home, port)).catch(() => undefined)) !== undefined;
    if (wasRunning === true && !isRunning)
      tell(`The server on port ${port} has ended. Lines of its next start will follow`);
    if (wasRunning === false && isRunning) tell(`A server runs on port ${port} again`);
    if (wasThere && !isThere)
      tell(`The log file ${logFile(home, port)} was moved or removed. A new one will be followed`);
    wasRunning = isRunning;
    wasThere = isThere;
  };
  const timer = setInterval(() => {
    if (isBusy) return;
    isBusy = true;
    // A home that cannot be read now may be readable a second later.
    void look()
      .catch(() => undefined)
      .finally(() => (isBusy = false));
  }, everyMs);
  return { close: () => clearInterval(timer) };
}
