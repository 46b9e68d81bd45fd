import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { OcrHubError } from './errors.js';

/** The installed package: the folder that holds package.json, models/ and src/modules/. */
export const packageRoot = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');

export const packageVersion = (
  JSON.parse(readFileSync(path.join(packageRoot, 'package.json'), 'utf8')) as { version: string }
).version;

/** Everything ocrhub writes lies below this folder. */
export interface Home {
  readonly root: string;
  readonly modules: string;
  readonly models: string;
  readonly serving: string;
  readonly logs: string;
}

/** `$OCRHUB_HOME`, or `.ocrhub` in the user's home folder. */
export function resolveHome(): Home {
  const root = path.resolve(process.env['OCRHUB_HOME'] ?? path.join(os.homedir(), '.ocrhub'));
  return Object.freeze({
    root,
    modules: path.join(root, 'modules'),
    models: path.join(root, 'models'),
    serving: path.join(root, 'serving'),
    logs: path.join(root, 'logs'),
  });
}

/** The GPUs that CUDA may use, as the user set them; undefined when not set. */
export function visibleGpus(): string | undefined {
  return process.env['CUDA_VISIBLE_DEVICES'];
}

/**
 * The token of a server or of a client: the first line of the file, or `$OCRHUB_TOKEN`. Never from the command line,
 * where every user of the machine could read it.
 *
 * @throws OcrHubError `token_unreadable`
 */
export async function readToken(file: string | undefined): Promise<string | undefined> {
  if (file === undefined) return process.env['OCRHUB_TOKEN'];
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new OcrHubError('token_unreadable', { file, problem: (error as Error).message }, { cause: error });
  });
  const token = text.split('\n')[0]?.trim() ?? '';
  if (token === '') throw new OcrHubError('token_unreadable', { file, problem: 'its first line is empty' });
  return token;
}

/** What an inference process inherits. */
export function inferenceEnvironment(threads: number): NodeJS.ProcessEnv {
  return {
    ...process.env,
    // glibc keeps an arena of freed memory for each thread; two are enough and keep a long-lived process small.
    MALLOC_ARENA_MAX: '2',
    UV_THREADPOOL_SIZE: String(Math.max(2, Math.min(threads, 4))),
  };
}
