import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { bin } from '../lib/ocrhub.js';

export const disturbanceNames = ['kills', 'reloads', 'restarts', 'hostile'] as const;

export interface Target {
  readonly port: number;
  readonly url: string;
  /** Changes with a restart. */
  pid: number;
}

export interface DisturbanceLog {
  kills: number;
  reloads: number;
  restarts: number;
}

const run = promisify(execFile);

let lastReplacement: Promise<unknown> = Promise.resolve();

/** A reload of a server that a restart is just stopping is refused, so one waits for the other. */
function oneAtATime(work: () => Promise<string>): Promise<string> {
  const replacement = lastReplacement.then(work, work);
  lastReplacement = replacement.catch(() => undefined);
  return replacement;
}

/** Runs the built command line while the clients go on. */
export async function command(home: string, ...args: readonly string[]): Promise<string> {
  const { stdout } = await run(process.execPath, [bin, ...args], { env: { ...process.env, OCRHUB_HOME: home } });
  return stdout;
}

/** Kills an inference process of a server now and then. */
export async function killNowAndThen(
  targets: readonly Target[],
  log: DisturbanceLog,
  signal: AbortSignal,
): Promise<void> {
  while (await pause(10_000 + Math.random() * 10_000, signal)) {
    const target = targets[Math.floor(Math.random() * targets.length)];
    const pids = target === undefined ? [] : await inferencePids(target);
    const pid = pids[Math.floor(Math.random() * pids.length)];
    if (pid === undefined) continue;
    try {
      process.kill(pid, 'SIGKILL');
      log.kills++;
    } catch {
      // It ended by itself since the server named it.
    }
  }
}

/** Replaces the inference processes of one server after the other. */
export async function reload(
  home: string,
  targets: readonly Target[],
  log: DisturbanceLog,
  signal: AbortSignal,
): Promise<void> {
  for (let n = 0; await pause(90_000, signal); n++) {
    const target = targets[n % targets.length];
    if (target === undefined) return;
    await oneAtATime(() => command(home, 'serving', 'restart', '-p', String(target.port)));
    log.reloads++;
  }
}

/** Restarts one server after the other, each as a whole, every `everyMs`. */
export async function restartInTurn(
  home: string,
  targets: readonly Target[],
  everyMs: number,
  log: DisturbanceLog,
  signal: AbortSignal,
): Promise<void> {
  while (await pause(everyMs, signal)) {
    for (const target of targets) {
      const printed = await oneAtATime(() =>
        command(home, 'serving', 'restart', '--cold', '-p', String(target.port), '--json'),
      );
      target.pid = (JSON.parse(printed) as { pid: number }).pid;
      log.restarts++;
    }
  }
}

export async function inferencePids({ url }: Target): Promise<number[]> {
  const health = await fetch(`${url}/health`)
    .then((response) => response.json() as Promise<{ processes: { pid: number; state: string }[] }>)
    .catch(() => ({ processes: [] }));
  return health.processes.filter(({ pid }) => pid > 0).map(({ pid }) => pid);
}

/** @returns false when the run is over */
async function pause(ms: number, signal: AbortSignal): Promise<boolean> {
  await sleep(ms, undefined, { signal, ref: false }).catch(() => undefined);
  return !signal.aborted;
}
