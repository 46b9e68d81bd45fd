import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { OcrHubError } from '../errors.js';
import type { KnownFile } from './resolve.js';

/**
 * Checks a file of a known set against its SHA-256 before it is loaded. A process reads an unchanged file once.
 *
 * @throws OcrHubError `model_corrupt`, `model_missing`.
 */
export async function verifyFile({ file, sha256 }: KnownFile): Promise<void> {
  if (sha256 === undefined) return;
  const actual = await hashOf(file);
  if (actual !== sha256) throw new OcrHubError('model_corrupt', { path: file, expected: sha256, actual });
}

/** Hashes by path, size and time of change. */
const hashes = new Map<string, Promise<string>>();

async function hashOf(file: string): Promise<string> {
  const { size, mtimeMs } = await stat(file).catch((error: unknown) => {
    throw new OcrHubError('model_missing', { path: file, how: 'Put the file back.' }, { cause: error });
  });
  const key = `${file}:${size}:${mtimeMs}`;
  const hash = hashes.get(key) ?? computeHash(file);
  hashes.set(key, hash);
  return hash;
}

async function computeHash(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), hash);
  return hash.digest('hex');
}
