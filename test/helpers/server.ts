import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Health } from '../../src/runtime/service/contract.js';
import { ocrhub } from './cli.js';
import { freePort } from './home.js';
import { post, send, type Answer, type Ask } from './http.js';

export interface TestServer {
  readonly home: string;
  readonly port: number;
  readonly pid: number;
  readonly url: string;
  readonly logFile: string;
}

export interface StartOptions {
  /** Flags of `serving start` except --port. */
  readonly flags: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** Working directory of the command. */
  readonly cwd?: string;
  readonly port?: number;
}

/** `ocrhub serving start` on a free port; `removeHome` stops it. */
export async function startServer(home: string, { flags, port, ...how }: StartOptions): Promise<TestServer> {
  const args = ['serving', 'start', ...flags, '-p', String(port ?? (await freePort())), '--json'];
  const { code, stdout, stderr } = await ocrhub(home, args, how);
  if (code !== 0) throw new Error(`ocrhub ${args.join(' ')} exited with ${String(code)}\n${stdout}\n${stderr}`);
  return { home, ...(JSON.parse(stdout) as Omit<TestServer, 'home'>) };
}

export function predict(
  { url }: { url: string },
  route: string,
  body: unknown,
  ask?: Omit<Ask, 'body' | 'method'>,
): Promise<Answer> {
  return post(`${url}/predict/${route}`, body, ask);
}

export async function health({ url }: { url: string }): Promise<Health> {
  return JSON.parse((await send(`${url}/health`)).text) as Health;
}

/** Calls `ask` until `right` is true for its answer; throws after `seconds`. */
export async function until<T>(
  what: string,
  ask: () => Promise<T>,
  right: (answer: T) => boolean,
  seconds = 30,
): Promise<T> {
  const end = performance.now() + seconds * 1000;
  for (;;) {
    const answer = await ask();
    if (right(answer)) return answer;
    if (performance.now() > end) throw new Error(`${what}: not within ${seconds} s; last ${JSON.stringify(answer)}`);
    await sleep(20);
  }
}

export function untilHealth(
  server: { url: string },
  what: string,
  right: (health: Health) => boolean,
  seconds?: number,
): Promise<Health> {
  return until(what, () => health(server), right, seconds);
}

/** Waits for a line of the log, which a server writes a moment after its answer. */
export async function untilLogged(logFile: string, right: (line: LogLine) => boolean): Promise<LogLine> {
  const find = async (): Promise<LogLine | undefined> => (await readLog(logFile)).find(right);
  const line = await until('the line is in the log', find, (found) => found !== undefined);
  return line ?? { msg: '' };
}

/** The complete lines of a log, parsed. */
export async function readLog(logFile: string): Promise<LogLine[]> {
  const text = await readFile(logFile, 'utf8');
  return (
    text
      .split('\n')
      // The last line may be incomplete.
      .slice(0, -1)
      .map((line) => JSON.parse(line) as LogLine)
  );
}

export interface LogLine {
  readonly msg: string;
  readonly id?: string;
  readonly pid?: number;
  readonly httpStatus?: number;
  readonly message?: string;
  readonly stack?: string;
  readonly why?: string;
  readonly problem?: string;
  readonly token?: string;
  readonly from?: string;
  readonly state?: string;
}

export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // A zombie stays in the process table if its parent does not wait for it.
    return process.platform !== 'linux' || !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
