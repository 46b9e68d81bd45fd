import path from 'node:path';
import { OcrHubError } from '../errors/error.js';
import { makeFolder } from '../files/make-folder.js';
import { writeFileAtomic } from '../files/write-atomic.js';

/**
 * Writes a whole file or none, and creates its folder.
 *
 * @throws OcrHubError `output_failed`
 */
export async function writeOutput(file: string, bytes: Uint8Array): Promise<void> {
  try {
    await makeFolder(path.dirname(file));
    await writeFileAtomic(file, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), {
      fsync: false,
      followLink: true,
    });
  } catch (error) {
    throw new OcrHubError('output_failed', { output: file, problem: (error as Error).message }, { cause: error });
  }
}
