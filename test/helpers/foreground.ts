import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { withoutVitest, root } from './cli.js';
import { health, until } from './server.js';

export interface ForegroundServer {
  readonly home: string;
  readonly port: number;
  readonly pid: number;
  readonly url: string;
  readonly logFile: string;
  /** The pids of its inference processes after the start. */
  readonly pids: readonly number[];
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  /** Closes the pipe of its stderr. */
  readonly closeStderr: () => void;
  /** For cleaning up after a failed test. */
  readonly kill: () => void;
}

/** `ocrhub serving start --foreground`; resolves when it is ready and has written its state file. */
export async function startForeground(home: string, port: number, flags: readonly string[]): Promise<ForegroundServer> {
  const args = [path.join(root, 'bin', 'run.js'), 'serving', 'start', '--foreground', '-p', String(port), ...flags];
  const child = spawn(process.execPath, args, {
    env: { ...withoutVitest(process.env), OCRHUB_HOME: home, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
  const kill = (): void => void child.kill('SIGKILL');
  const closeStderr = (): void => void child.stderr.destroy();
  const url = `http://127.0.0.1:${port}`;
  try {
    const ready = await until(
      'the server is ready',
      async () => {
        if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}:\n${output}`);
        return health({ url }).catch(() => undefined);
      },
      (answer) => answer?.status === 'ready' && existsSync(path.join(home, 'serving', `${port}.json`)),
    );
    const pids = ready?.processes.map((process) => process.pid) ?? [];
    const logFile = path.join(home, 'logs', `${port}.log`);
    return { home, port, pid: child.pid ?? 0, url, logFile, pids, ended, closeStderr, kill };
  } catch (error) {
    kill();
    throw error;
  }
}
