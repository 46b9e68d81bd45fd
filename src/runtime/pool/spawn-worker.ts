import { ChildProcess, fork } from 'node:child_process';
import { entryFile } from '../package.js';
import { inferenceEnvironment } from '../config/environment.js';
import { usableWorkingDirectory } from '../process/working-directory.js';
import { availableCores } from '../process/cores.js';
import type { LoadMessage, ToInference } from './messages.js';

/**
 * Starts the process of `inference-main.ts` with what it is to load, or takes the one that was started ahead and still
 * lives. One that cannot be started has no id, and says why in its event `error`.
 */
export function spawnWorker(load: LoadMessage): ChildProcess {
  const taken = ahead;
  ahead = undefined;
  if (taken?.child.exitCode === null && taken.child.signalCode === null) {
    if (!taken.told) sendToWorker(taken.child, load);
    return taken.child;
  }
  const child = forkProcess(load.startedIn);
  sendToWorker(child, load);
  return child;
}

/**
 * Starts an inference process before it is known what it is to load: it imports the pipeline and the engine meanwhile.
 * If nobody takes it, it ends with this process.
 */
export function prespawnWorker(): void {
  const child = forkProcess(process.cwd());
  // Without a channel it was never started: that is tried again, and told, when it is wanted.
  if (child.connected) ahead = { child, told: false };
  child.once('error', () => (ahead = undefined));
}

/** Tells the process that was started ahead what it is to load, before `forkInference` asks for the same. */
export function sendLoadToPrespawned(load: LoadMessage): void {
  if (ahead === undefined) return;
  sendToWorker(ahead.child, load);
  ahead = { ...ahead, told: true };
}

/** A process that has just died refuses messages; its end is reported by `exit`. */
export function sendToWorker(child: ChildProcess, message: ToInference): void {
  if (child.connected) child.send(message, () => undefined);
}

let ahead: { readonly child: ChildProcess; readonly told: boolean } | undefined;

/** Of some errors of the system Node tells by an event, others it throws; here all come by the event. */
function forkProcess(startedIn: string): ChildProcess {
  try {
    return forkOrThrow(startedIn);
  } catch (error) {
    const child = new ChildProcess();
    process.nextTick(() => child.emit('error', error));
    return child;
  }
}

function forkOrThrow(startedIn: string): ChildProcess {
  return fork(entryFile('worker/main.js'), [], {
    cwd: usableWorkingDirectory(startedIn),
    // Structured clone: pictures travel as bytes, not as JSON.
    serialization: 'advanced',
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // Pictures and maps lie outside V8's heap; what is new in it is little. With the usual 16 MB for it a process has
    // 25 MB more after 60 receipts, and takes as long.
    // An idle process gives back what its last pictures took (inference-main.ts).
    execArgv: ['--enable-source-maps', '--max-semi-space-size=1', '--expose-gc'],
    env: inferenceEnvironment(availableCores()),
  });
}
