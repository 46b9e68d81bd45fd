import { spawn } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');

export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `ocrhub` as a user does, with a home folder of its own. Needs a built dist/. */
export function ocrhub(home: string, args: readonly string[], options: CliOptions = {}): Promise<CliResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [path.join(options.installation ?? root, 'bin', 'run.js'), ...args], {
      cwd: options.cwd ?? root,
      env: { ...withoutVitest(process.env), OCRHUB_HOME: home, NO_COLOR: '1', ...options.env },
      stdio: ['pipe', 'pipe', 'pipe'],
      ...(options.asNobody === true && process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {}),
      ...(options.timeout === undefined ? {} : { timeout: options.timeout, killSignal: 'SIGKILL' }),
    });
    // A command that reads no standard input may end before it is written.
    child.stdin.on('error', () => undefined).end(options.stdin);
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk));
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
}

/** Runs a command with `--json` and returns the object it prints; throws if the exit code is not `code`. */
export async function ocrhubJson<T>(home: string, args: readonly string[], code = 0): Promise<T> {
  const result = await ocrhub(home, [...args, '--json']);
  if (result.code !== code) {
    throw new Error(`ocrhub ${args.join(' ')} exited with ${String(result.code)}\n${result.stdout}\n${result.stderr}`);
  }
  return JSON.parse(result.stdout) as T;
}

interface CliOptions {
  /** Bytes of standard input. Default: none. */
  readonly stdin?: Uint8Array;
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Milliseconds after which the command is killed. */
  readonly timeout?: number;
  /** Runs as the user nobody, because root may read and write everywhere. */
  readonly asNobody?: boolean;
  /** Another copy of ocrhub than this repository. */
  readonly installation?: string;
}

/** The environment without the variables by which oclif and others detect a test. */
export function withoutVitest(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => !name.startsWith('VITEST') && name !== 'NODE_ENV' && name !== 'TEST'),
  );
}
