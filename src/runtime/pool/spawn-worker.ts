import { ChildProcess, fork } from 'node:child_process';
import { entryFile } from '../package.js';
import { inferenceEnvironment } from '../config/environment.js';
import type { Home } from '../config/home.js';
import { availableCores } from '../process/cores.js';
import { usableWorkingDirectory } from '../process/working-directory.js';
import type { LoadMessage, ToInference } from './messages.js';

/** Started by `prespawnWorker` and not used yet. */
let prespawned: { readonly child: ChildProcess; readonly loadSent: boolean } | undefined;

/**
 * Starts a process that runs worker/main.ts and tells it what to load, or uses the prespawned one if it still lives. If the
 * OS cannot start it, the returned process has no id and emits `error`.
 */
export function spawnWorker(load: LoadMessage): ChildProcess {
  const candidate = prespawned;
  prespawned = undefined;
  if (candidate?.child.exitCode === null && candidate.child.signalCode === null) {
    if (!candidate.loadSent) sendToWorker(candidate.child, load);
    return candidate.child;
  }
  const child = forkWorker(load.startedIn, load.home);
  sendToWorker(child, load);
  return child;
}

/**
 * Starts a worker before it is known what to load, so that it imports the pipeline and the engine meanwhile. It inherits
 * OCRHUB_HOME, which a detached server has (`serverEnvironment`). An unused worker ends with this process.
 */
export function prespawnWorker(): void {
  const child = forkWorker(process.cwd(), undefined);
  // Without a channel it was not started; `spawnWorker` tries again and reports the error.
  if (child.connected) prespawned = { child, loadSent: false };
  child.once('error', () => (prespawned = undefined));
}

/** Tells the prespawned worker what to load, before `spawnWorker` is called with the same message. */
export function sendLoadToPrespawned(load: LoadMessage): void {
  if (prespawned === undefined) return;
  sendToWorker(prespawned.child, load);
  prespawned = { ...prespawned, loadSent: true };
}

/** Ignores a process that has just died; its `exit` event reports that. */
export function sendToWorker(child: ChildProcess, message: ToInference): void {
  if (child.connected) child.send(message, () => undefined);
}

/** Node throws some spawn errors and emits others; this emits all of them as `error` events. */
function forkWorker(startedIn: string, home: Home | undefined): ChildProcess {
  try {
    return forkOrThrow(startedIn, home);
  } catch (error) {
    const child = new ChildProcess();
    process.nextTick(() => child.emit('error', error));
    return child;
  }
}

function forkOrThrow(startedIn: string, home: Home | undefined): ChildProcess {
  return fork(entryFile('worker/main.js'), [], {
    cwd: usableWorkingDirectory(startedIn),
    // Structured clone: pictures are sent as bytes, not as JSON.
    serialization: 'advanced',
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // Pictures and probability maps live outside the V8 heap, so that 1 MB for new objects is enough. With the default of
    // 16 MB a process has 25 MB more after 60 receipts and is not faster.
    // --expose-gc: an idle worker frees its last pictures (worker/main.ts).
    execArgv: ['--enable-source-maps', '--max-semi-space-size=1', '--expose-gc'],
    env: inferenceEnvironment(availableCores(), home),
  });
}
