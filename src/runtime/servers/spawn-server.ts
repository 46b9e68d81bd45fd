import { fork, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, openSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { entryFile } from '../package.js';
import { serverEnvironment } from '../config/environment.js';
import { usableWorkingDirectory } from '../process/working-directory.js';
import type { Home } from '../config/home.js';
import type { ServeOptions } from '../options/serve-options.js';

/** A detached process that runs server/main.ts and waits for its options. */
export interface ServerProcess {
  readonly child: ChildProcess;
  /** The file that holds its stdout and stderr, which explain why it died. */
  readonly output: string;
}

/** Started by `prespawnServer` and not used yet. */
let prespawned: ServerProcess | undefined;

/** Starts a server process in `startedIn`, or uses the prespawned one if it still lives; that one has the same directory. */
export function spawnServer(home: Home, { port, startedIn }: Pick<ServeOptions, 'port' | 'startedIn'>): ServerProcess {
  const output = path.join(home.logs, `${port}.out`);
  const candidate = prespawned;
  prespawned = undefined;
  if (candidate === undefined) return forkMain(home, output, startedIn);
  if (candidate.child.exitCode === null && candidate.child.signalCode === null) {
    return { child: candidate.child, output: renameOutput(candidate.output, output) };
  }
  rmSync(candidate.output, { force: true });
  return forkMain(home, output, startedIn);
}

/**
 * Starts a server process before its options are known, so that it loads its code while the command resolves them. The
 * process is killed when the command exits without having used it.
 */
export function prespawnServer(home: Home): void {
  try {
    // mkdir is not recursive: without a home folder this fails, because a command that fails must not create one.
    if (!existsSync(home.logs)) mkdirSync(home.logs);
    const output = path.join(home.logs, `starting-${process.pid}-${randomBytes(4).toString('hex')}.out`);
    const started = forkMain(home, output, process.cwd());
    prespawned = started;
    // `spawnServer` tries again and reports the error.
    started.child.once('error', () => {
      prespawned = undefined;
      rmSync(started.output, { force: true });
    });
    process.once('exit', () => {
      if (prespawned === undefined) return;
      prespawned.child.kill('SIGKILL');
      rmSync(prespawned.output, { force: true });
    });
    // The command must be able to exit while the process runs.
    started.child.unref();
    started.child.channel?.unref();
  } catch {
    // `prepareStart` reports a home folder that cannot be written.
  }
}

/** Matches the output files of prespawned processes that were never used. */
export const outputLeftoverPattern = /^starting-\d+-[0-9a-f]+\.out$/;

/** Returns the new name, or the old one if renaming fails (a full disk): that must not prevent the start. */
function renameOutput(from: string, to: string): string {
  try {
    renameSync(from, to);
    return to;
  } catch {
    return from;
  }
}

function forkMain(home: Home, output: string, startedIn: string): ServerProcess {
  const file = openSync(output, 'w', 0o600);
  try {
    const child = fork(entryFile('server/main.js'), [], {
      cwd: usableWorkingDirectory(startedIn),
      detached: true,
      stdio: ['ignore', file, file, 'ipc'],
      // Request bodies live outside the V8 heap, so that 1 MB for new objects is enough; with the default the process has
      // 15 MB more after 44 receipts. Many small objects at once would take quadratic time; the parser refuses a body
      // before it creates so many.
      execArgv: ['--enable-source-maps', '--max-semi-space-size=1'],
      env: serverEnvironment(home),
    });
    return { child, output };
  } finally {
    closeSync(file);
  }
}
