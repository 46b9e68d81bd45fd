import type { Home } from '../../config/home.js';
import { isRunning, processBirth, processStartTime } from '../../process/birth.js';
import { askServer } from '../control/control.js';
import { readHealth } from '../health.js';
import type { ServerState } from './server-state.js';

/** Clock ticks and the coarse clocks of `ps` and Windows may put a start time off by this much. Milliseconds. */
const tolerance = 2000;

/**
 * Whether the server that a state file tells of still runs: by its process, by what listens on its socket, or by what
 * answers on its port. One sign is enough. The process of a server in another container cannot be seen from here, and a
 * server that drains has given its port away already, perhaps to another one.
 */
export async function isAlive(home: Home, state: ServerState): Promise<boolean> {
  if (await isOwnProcess(state)) return true;
  const signs = [tells(home, state), readHealth(state, signTimeout).then((health) => health?.instance)];
  const [told, answers] = await Promise.all(signs);
  return told === state.instance || answers === state.instance;
}

/** How long a server that has no process here may take to show itself. Milliseconds. */
const signTimeout = 1000;

/**
 * Whether the process with a server's id is the server, and not a stranger: one that got the id later, or one that has it
 * here while the server runs in another container.
 */
export async function isOwnProcess({ pid, birth, startTime }: ServerState): Promise<boolean> {
  if (!(await isRunning(pid))) return false;
  const now = birth === undefined ? undefined : await processBirth(pid);
  if (now !== undefined) return now === birth;
  const started = await processStartTime(pid);
  // It is there, and when it started cannot be found out.
  return started === undefined || Math.abs(started - startTime) <= tolerance;
}

async function tells(home: Home, state: ServerState): Promise<string | undefined> {
  const told = await askServer(home, state, { action: 'tell' }).catch(() => undefined);
  return told?.instance;
}
