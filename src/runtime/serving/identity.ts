import { readFile } from 'node:fs/promises';
import { ask } from '../ask.js';
import type { Health } from '../http/service.js';
import type { ServerState } from './state.js';

/** Clock ticks and the coarse clocks of `ps` and Windows may put a start time off by this much. Milliseconds. */
const tolerance = 2000;

/** When a process started, in milliseconds since 1970; undefined if there is none with this id. */
export async function processStartTime(pid: number): Promise<number | undefined> {
  if (await isDefunct(pid)) return undefined;
  // Loaded where it is needed: a start asks only where a server was on the port before.
  const { default: pidusage } = await import('pidusage');
  const usage = await pidusage(pid).catch(() => undefined);
  return usage === undefined ? undefined : usage.timestamp - usage.elapsed;
}

/**
 * Whether a process is dead and only listed: in a container whose first process collects no orphans, Linux does so for
 * ever.
 */
export async function isDefunct(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return /\) [ZX] /.test(stat);
}

/**
 * Whether the process that a state file names is still that server, and not a stranger that got its id later. What
 * answers on the port settles it; when nothing answers (the server is stuck, or just stopping), the process must have
 * started when the server did.
 */
export async function isAlive(state: ServerState): Promise<boolean> {
  const started = await processStartTime(state.pid);
  if (started === undefined) return false;
  const instance = (await readHealth(state))?.instance;
  if (instance !== undefined) return instance === state.instance;
  return Math.abs(started - state.startTime) <= tolerance;
}

/** How long a server may take to say how it is. Milliseconds. */
const healthTimeout = 3000;

/** What the server on the port says of itself; undefined when it does not answer (it may be busy or just stopping). */
export async function readHealth(state: Pick<ServerState, 'host' | 'port'>): Promise<Health | undefined> {
  try {
    const { text } = await ask(`${localUrl(state)}/health`, { timeout: healthTimeout });
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
