import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { OcrHubError } from '../errors/error.js';
import { openRegularFile } from '../files/read-regular.js';
import { readInferenceYml } from './inference-yml.js';
import type { KnownFile } from './locate.js';
import type { ResolvedModel } from './resolve.js';

/**
 * Checks a file of a known set against its SHA-256 before it is loaded. A process hashes an unchanged file once.
 *
 * @throws OcrHubError `model_corrupt`, `model_missing`.
 */
export async function verifyFile({ file, sha256 }: KnownFile): Promise<void> {
  if (sha256 === undefined) return;
  const actual = await hashOf(file);
  if (actual !== sha256) throw new OcrHubError('model_corrupt', { path: file, expected: sha256, actual });
}

/**
 * Checks a model before it is loaded: its hash, if known, and the channel order in the `inference.yml` beside it.
 *
 * @throws OcrHubError those of `verifyFile`; `model_mismatch` when it was trained on pictures of another channel order.
 */
export async function verifyModel(model: ResolvedModel): Promise<void> {
  await verifyFile(model);
  if (model.inferenceYml === undefined) return;
  const { channelOrder = 'BGR' } = await readInferenceYml(model.inferenceYml);
  if (channelOrder === 'BGR') return;
  const problem = `${model.inferenceYml} says that it takes pictures as ${channelOrder}; ocrhub feeds BGR, as PaddleOCR does`;
  throw new OcrHubError('model_mismatch', { path: model.file, problem });
}

/** The SHA-256 of a file's content. */
export async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256');
  const opened = await openRegularFile(file);
  try {
    // One buffer for all chunks: a stream allocates one per chunk, which costs more than hashing.
    const buffer = Buffer.allocUnsafe(chunkSize);
    for (;;) {
      const { bytesRead } = await opened.read(buffer, 0, chunkSize);
      if (bytesRead === 0) return hash.digest('hex');
      hash.update(buffer.subarray(0, bytesRead));
    }
  } finally {
    await opened.close();
  }
}

const chunkSize = 1 << 20;

/** Hashes by path, size and time of change. */
const hashes = new Map<string, Promise<string>>();

async function hashOf(file: string): Promise<string> {
  const { size, mtimeMs } = await stat(file).catch((error: unknown) => {
    throw new OcrHubError('model_missing', { path: file, how: 'Put the file back.' }, { cause: error });
  });
  const key = `${file}:${size}:${mtimeMs}`;
  const hash = hashes.get(key) ?? sha256Of(file);
  hashes.set(key, hash);
  return hash;
}
