import { setTimeout as sleep } from 'node:timers/promises';
import type { Home } from '../config/home.js';
import { OcrHubError } from '../errors/error.js';
import { askServer } from './control/control.js';
import { isRunning } from '../process/birth.js';
import { isAlive, isOwnProcess } from './state/liveness.js';
import { listStates, readStateFile, removeState, requireState } from './state/state-file.js';
import type { ServerState } from './state/server-state.js';

export interface StopResult {
  readonly port: number;
  readonly pid: number;
  /** False when the server had already ended and only its state file was left. */
  readonly stopped: boolean;
  /** It did not end within its grace and was killed. */
  readonly killed: boolean;
}

/**
 * Stops the server on a port: asks it to drain, kills it when it does not end within its grace. A process that only
 * has the id of a former server is left alone.
 *
 * @throws OcrHubError `server_not_found`; `server_not_stopped` for one that runs elsewhere and cannot be reached, or does
 *   not end
 */
export async function stopServer(home: Home, port: number): Promise<StopResult> {
  return stop(home, await requireState(home, port));
}

/** All of them, also where one cannot be stopped, which is told then. */
export async function stopAll(home: Home): Promise<StopResult[]> {
  const stopping = (await listStates(home)).map((state) => stop(home, state));
  await Promise.allSettled(stopping);
  return Promise.all(stopping);
}

async function stop(home: Home, state: ServerState): Promise<StopResult> {
  const { port, pid } = state;
  if (!(await isAlive(home, state))) {
    await removeState(home, state);
    return { port, pid, stopped: false, killed: false };
  }
  const signs = { process: await isOwnProcess(state), file: await isInFile(home, state) };
  await askToStop(home, state);
  // One second more for what the server does around its grace.
  const ended = await endsWithin(home, state, signs, (state.options.grace + 1) * 1000);
  if (!ended && !signs.process && (await isAlive(home, state)))
    throw notStopped(state, 'it did not end within its grace');
  const killed = !ended && signs.process;
  // Before it is killed: to those who watch it, a dead server beside its state file is one that nobody stopped.
  await removeState(home, state);
  if (killed) await kill(state);
  return { port, pid, stopped: true, killed };
}

/** By its control socket; one that does not listen any more gets a signal. */
async function askToStop(home: Home, state: ServerState): Promise<void> {
  await askServer(home, state, { action: 'stop' }).catch(async (error: unknown) => {
    if (!(await isOwnProcess(state))) throw notStopped(state, OcrHubError.of(error).message);
    await signal(state, 'SIGTERM');
  });
}

function notStopped({ port, pid }: ServerState, problem: string): OcrHubError {
  return new OcrHubError('server_not_stopped', { port, pid, problem });
}

/**
 * Ends when it is gone, so that its port is free for the next: the kernel takes a moment, more where much memory goes.
 */
async function kill(state: ServerState): Promise<void> {
  await signal(state, 'SIGKILL');
  const end = Date.now() + killTime;
  while (Date.now() < end && (await isOwnProcess(state))) await sleep(20);
}

/** Milliseconds after which a killed process is in the hands of the kernel, whatever keeps it. */
const killTime = 2000;

/**
 * The server removes its state file when all is done. One whose file was lost before (it told its state itself) is
 * waited for by its process alone: while it drains it may be too busy to tell it once more. That of another container
 * has no process here.
 */
async function endsWithin(home: Home, state: ServerState, signs: SignsOfLife, ms: number): Promise<boolean> {
  const end = Date.now() + ms;
  while (Date.now() < end) {
    if (signs.process && !(await isRunning(state.pid))) return true;
    if (signs.file && !(await isInFile(home, state))) return true;
    await sleep(50);
  }
  return false;
}

/** Where it can be seen that a server runs. */
interface SignsOfLife {
  readonly process: boolean;
  readonly file: boolean;
}

async function isInFile(home: Home, state: ServerState): Promise<boolean> {
  return (await readStateFile(home, state.port))?.instance === state.instance;
}

/** Of a server in another container the process cannot be signalled; its id is that of a stranger here, or of nobody. */
async function signal(state: ServerState, name: NodeJS.Signals): Promise<void> {
  if (!(await isOwnProcess(state))) return;
  try {
    process.kill(state.pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
