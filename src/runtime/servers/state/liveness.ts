import type { Home } from '../../config/home.js';
import { isRunning, processBirth, processStartTime } from '../../process/birth.js';
import { serverTitle, titleOf } from '../../process/title.js';
import { askServer } from '../control/ask.js';
import { readHealth } from '../health.js';
import type { ServerState } from './server-state.js';

/** Start times differ by clock ticks and by the coarse clocks of `ps` and Windows. */
const startToleranceMs = 2000;

/** How long a server without a visible process may take to answer. */
const answerTimeoutMs = 1000;

/**
 * Whether the server of a state still runs. One of three signs is enough: its process runs, it answers on its control
 * socket, or it answers on its port. The process of a server in another container is not visible here; a draining server
 * has closed its port, and another server may have taken it.
 */
export async function isAlive(home: Home, state: ServerState): Promise<boolean> {
  if (await isOwnProcess(state)) return true;
  const [described, health] = await Promise.all([
    askServer(home, state, { action: 'describe' }).catch(() => undefined),
    readHealth(state, answerTimeoutMs),
  ]);
  return described?.instance === state.instance || health?.instance === state.instance;
}

/**
 * Whether the process with the server's id is the server. It is another one if the id was reused, if the server runs in another
 * container, or if its title is another one, where the system tells titles.
 */
export async function isOwnProcess({ pid, birth, startTime }: ServerState): Promise<boolean> {
  if (!(await isRunning(pid))) return false;
  // A state file that was edited may name any process.
  if ((await titleOf(pid))?.startsWith(serverTitle) === false) return false;
  const currentBirth = birth === undefined ? undefined : await processBirth(pid);
  if (currentBirth !== undefined) return currentBirth === birth;
  const started = await processStartTime(pid);
  // If the start time is unknown, the running process counts as the server.
  return started === undefined || Math.abs(started - startTime) <= startToleranceMs;
}
