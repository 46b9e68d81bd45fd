import { fork, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, openSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { entryFile } from '../package.js';
import { serverEnvironment } from '../config/environment.js';
import { usableWorkingDirectory } from '../process/working-directory.js';
import type { Home } from '../config/home.js';
import type { ServeOptions } from '../options/serve-options.js';

/** The process of `main.ts`: a detached server, which waits for its options. */
export interface ServerProcess {
  readonly child: ChildProcess;
  /** Where its stdout and stderr go: what it printed before it died. */
  readonly output: string;
}

/** Starts a server's process, or takes the one that was started ahead, in this very folder, and still lives. */
export function spawnServer(home: Home, { port, startedIn }: Pick<ServeOptions, 'port' | 'startedIn'>): ServerProcess {
  const output = outputFile(home, port);
  const taken = ahead;
  ahead = undefined;
  if (taken === undefined) return forkMain(home, output, startedIn);
  if (taken.child.exitCode === null && taken.child.signalCode === null) {
    return { child: taken.child, output: renamed(taken.output, output) };
  }
  rmSync(taken.output, { force: true });
  return forkMain(home, output, startedIn);
}

/**
 * Starts a server's process before it is known what it is to serve, so that the processes of a start, each of which
 * starts the next one, do not wait for one another. If nobody takes it, it ends with this process.
 */
export function prespawnServer(home: Home): void {
  try {
    // Not where there is no home folder yet: a command that fails makes none.
    if (!existsSync(home.logs)) mkdirSync(home.logs);
    const started = forkMain(
      home,
      path.join(home.logs, `starting-${process.pid}-${randomBytes(4).toString('hex')}.out`),
      process.cwd(),
    );
    ahead = started;
    // What cannot be started now is tried again, and told, when it is wanted.
    started.child.once('error', () => {
      ahead = undefined;
      rmSync(started.output, { force: true });
    });
    process.once('exit', () => {
      if (ahead === undefined) return;
      ahead.child.kill('SIGKILL');
      rmSync(ahead.output, { force: true });
    });
    // A command that fails before it takes the process does not wait for it.
    started.child.unref();
    started.child.channel?.unref();
  } catch {
    // A home folder that cannot be written is named by the start itself.
  }
}

/** Names of the outputs of processes that were started ahead, and that nobody took. */
export const outputLeftoverPattern = /^starting-\d+-[0-9a-f]+\.out$/;

let ahead: ServerProcess | undefined;

/**
 * Where the file is now; what cannot be renamed (a full disk, another container's clean-up) is no reason not to start.
 */
function renamed(from: string, to: string): string {
  try {
    renameSync(from, to);
    return to;
  } catch {
    return from;
  }
}

function outputFile(home: Home, port: number): string {
  return path.join(home.logs, `${port}.out`);
}

function forkMain(home: Home, output: string, startedIn: string): ServerProcess {
  const file = openSync(output, 'w', 0o600);
  try {
    const child = fork(entryFile('server/main.js'), [], {
      cwd: usableWorkingDirectory(startedIn),
      detached: true,
      stdio: ['ignore', file, file, 'ipc'],
      // Bodies of requests lie outside what V8 keeps for what is new; without the bound the process has 15 MB more
      // after 44 receipts. Many small objects at once would take quadratic time under it; a body is refused before it
      // makes so many.
      execArgv: ['--enable-source-maps', '--max-semi-space-size=1'],
      env: serverEnvironment(home),
    });
    return { child, output };
  } finally {
    closeSync(file);
  }
}
