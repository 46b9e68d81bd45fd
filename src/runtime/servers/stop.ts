import { setTimeout as sleep } from 'node:timers/promises';
import type { Home } from '../config/home.js';
import { OcrHubError } from '../errors/error.js';
import { isRunning } from '../process/birth.js';
import { askServer } from './control/ask.js';
import { listStates, removeState, requireState } from './state/find.js';
import { isAlive, isOwnProcess } from './state/liveness.js';
import { readStateFile } from './state/state-file.js';
import type { ServerState } from './state/server-state.js';

export interface StopResult {
  readonly port: number;
  readonly pid: number;
  /** False if the server had already ended and only its state file was left. */
  readonly stopped: boolean;
  /** Whether the server did not end within its grace and was killed. */
  readonly killed: boolean;
}

/** The kernel may take this long to remove a killed process, whatever blocks it. */
const maxKillMs = 2000;

/** What a server does around its grace takes less than this. Seconds. */
const extraGrace = 1;

/**
 * Stops the server on a port: asks it to drain and kills it if it does not end within its grace. Never touches another
 * process that has the server's id.
 *
 * @throws OcrHubError `server_not_found`, `server_of_other_home`; `server_not_stopped` if the server runs elsewhere (in a container) and cannot be
 *   reached or does not end
 */
export async function stopServer(home: Home, port: number): Promise<StopResult> {
  return stop(home, await requireState(home, port));
}

/** Stops all servers of the home folder. If one cannot be stopped, this rejects after all others have been stopped. */
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
  const traces = { process: await isOwnProcess(state), stateFile: await hasStateFile(home, state) };
  await requestStop(home, state);
  const ended = await waitForEnd(home, state, traces, (state.options.grace + extraGrace) * 1000);
  if (!ended && !traces.process && (await isAlive(home, state))) {
    throw notStoppedError(state, 'it did not end within its grace');
  }
  const killed = !ended && traces.process;
  // Before the kill: `serving start --watch` takes a dead server with a state file for one that crashed.
  await removeState(home, state);
  if (killed) {
    await kill(state);
    // It may have written its state again until then.
    await removeState(home, state);
  }
  return { port, pid, stopped: true, killed };
}

/** Asks through the control socket, and by SIGTERM if the socket does not answer. */
async function requestStop(home: Home, state: ServerState): Promise<void> {
  await askServer(home, state, { action: 'stop' }).catch(async (error: unknown) => {
    if (!(await isOwnProcess(state))) throw notStoppedError(state, OcrHubError.of(error).message);
    await sendSignal(state, 'SIGTERM');
  });
}

function notStoppedError({ port, pid }: ServerState, problem: string): OcrHubError {
  return new OcrHubError('server_not_stopped', { port, pid, problem });
}

/** Resolves when the process is gone, so that its port is free; the kernel takes longer if it used much memory. */
async function kill(state: ServerState): Promise<void> {
  await sendSignal(state, 'SIGKILL');
  const deadline = performance.now() + maxKillMs;
  while (performance.now() < deadline && (await isOwnProcess(state))) await sleep(20);
}

const compareEveryMs = 1000;

/** The traces of a running server that disappear when it ends; a trace that is false cannot be watched. */
interface Traces {
  /** False if the server runs in another container. It is the better trace: anybody may remove the file. */
  readonly process: boolean;
  /** False if the state file was lost. The server removes it last. A draining server may be too busy to be asked. */
  readonly stateFile: boolean;
}

async function waitForEnd(home: Home, state: ServerState, traces: Traces, maxMs: number): Promise<boolean> {
  const deadline = performance.now() + maxMs;
  let compareAt = 0;
  while (performance.now() < deadline) {
    if (traces.process) {
      if (!(await isRunning(state.pid))) return true;
      // Its number may be that of another process already. Outside Linux a program is started to tell.
      if (performance.now() >= compareAt) {
        if (!(await isOwnProcess(state))) return true;
        compareAt = performance.now() + compareEveryMs;
      }
    } else if (traces.stateFile && !(await hasStateFile(home, state))) return true;
    await sleep(50);
  }
  return false;
}

async function hasStateFile(home: Home, state: ServerState): Promise<boolean> {
  return (await readStateFile(home, state.port))?.instance === state.instance;
}

/** Sends no signal if the id belongs to another process or to none. */
async function sendSignal(state: ServerState, name: NodeJS.Signals): Promise<void> {
  if (!(await isOwnProcess(state))) return;
  try {
    process.kill(state.pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
