import { readFile } from 'node:fs/promises';
import { ask } from '../ask.js';
import type { Health } from '../http/service.js';
import { processExists } from '../process/exists.js';
import type { Home } from '../home.js';
import { askServer } from './control.js';
import type { ServerState } from './state.js';

/** Clock ticks and the coarse clocks of `ps` and Windows may put a start time off by this much. Milliseconds. */
const tolerance = 2000;

/** When a process started, in milliseconds since 1970; undefined if there is none with this id. */
export async function processStartTime(pid: number): Promise<number | undefined> {
  if (await isDefunct(pid)) return undefined;
  // Loaded where it is needed: on Linux commands rarely ask.
  const { default: pidusage } = await import('pidusage');
  const usage = await pidusage(pid).catch(() => undefined);
  return usage === undefined ? undefined : usage.timestamp - usage.elapsed;
}

/**
 * What tells a process from a later one with its id, whatever happens to the clock: the boot, and the tick of it at which
 * the process started. Undefined where /proc does not tell it, as everywhere but on Linux.
 */
export async function processBirth(pid: number): Promise<string | undefined> {
  const files = [`/proc/${pid}/stat`, '/proc/sys/kernel/random/boot_id'];
  const [stat = '', boot = ''] = await Promise.all(files.map((file) => readFile(file, 'utf8').catch(() => '')));
  // The name of a program, in brackets, may hold blanks and brackets; the tick is the twentieth value behind it.
  const tick = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  return tick === undefined || boot === '' ? undefined : `${boot.trim()} ${tick}`;
}

/** Whether there is a process with this id, also one of another user, that is not dead and only listed. */
export async function isRunning(pid: number): Promise<boolean> {
  return processExists(pid) && !(await isDefunct(pid));
}

/**
 * Whether a process is dead and only listed: in a container whose first process collects no orphans, Linux does so for
 * ever.
 */
async function isDefunct(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return /\) [ZX] /.test(stat);
}

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

/** How long a server may take to say how it is. Milliseconds. */
const healthTimeout = 3000;

/** What the server on the port says of itself; undefined when it does not answer (it may be busy or just stopping). */
export async function readHealth(
  state: Pick<ServerState, 'host' | 'port'>,
  timeout = healthTimeout,
): Promise<Health | undefined> {
  try {
    const { text } = await ask(`${localUrl(state)}/health`, { timeout });
    return JSON.parse(text) as Health;
  } catch {
    return undefined;
  }
}

/** The address by which this machine reaches a server, whatever it is bound to. */
export function localUrl({ host, port }: { host: string; port: number }): string {
  const reachable = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
}
