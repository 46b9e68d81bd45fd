import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';

/** The folder of the package. */
export const root = packageFolder(import.meta.dirname);

/** The entry of the built command line. */
export const bin = path.join(root, 'bin', 'run.js');

/**
 * Runs the built command line with a home folder of its own.
 *
 * @returns what it printed on stdout
 * @throws Error with what it printed on stderr, if it fails
 */
export function ocrhub(home: string, ...args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, [bin, ...args], {
    encoding: 'utf8',
    env: { ...process.env, OCRHUB_HOME: home },
  });
  if (status !== 0) throw new Error(`ocrhub ${args.join(' ')}: ${stderr}`);
  return stdout;
}

export interface StartedServer {
  readonly pid: number;
  readonly port: string;
  readonly url: string;
}

/** Starts a server with `serving start`. */
export function startServer(home: string, port: string, module: string, ...flags: readonly string[]): StartedServer {
  const printed = ocrhub(home, 'serving', 'start', '-m', module, '-p', port, ...flags, '--json');
  const { pid, url } = JSON.parse(printed) as { pid: number; url: string };
  return { pid, port, url };
}

export function stopServer(home: string, port: string): void {
  ocrhub(home, 'serving', 'stop', '-p', port);
}

/** The body of a request for one picture, given in base64. */
export function requestBody(picture: string): string {
  return JSON.stringify({ images: [picture] });
}

export const jsonHeaders = { 'Content-Type': 'application/json' };

/**
 * Sends one picture, given in base64, to a module.
 *
 * @returns the lines that were read
 * @throws Error with the answer, if its HTTP status is not 200
 */
export async function predict(url: string, module: string, picture: string): Promise<unknown[]> {
  const response = await fetch(`${url}/predict/${module}`, {
    method: 'POST',
    headers: jsonHeaders,
    body: requestBody(picture),
  });
  const text = await response.text();
  if (response.status !== 200) throw new Error(`HTTP ${response.status}: ${text}`);
  const { results } = JSON.parse(text) as { results: unknown[][] };
  return results[0] ?? [];
}

/** The nearest folder with a package.json: bundles run from bench/out. */
function packageFolder(folder: string): string {
  return existsSync(path.join(folder, 'package.json')) ? folder : packageFolder(path.dirname(folder));
}
