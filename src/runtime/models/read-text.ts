import { readRegularBytes } from '../files/read-regular.js';

import { OcrHubError } from '../errors/error.js';

/**
 * Reads a text file of a model. A byte order mark is dropped.
 *
 * @throws OcrHubError `model_mismatch` for another encoding than UTF-8; the system's error for a file that cannot be read
 */
export async function readModelText(file: string): Promise<string> {
  const bytes = await readRegularBytes(file);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    const from = utf16[bytes.subarray(0, 2).toString('hex')] ?? 'GB18030';
    const known = from === 'GB18030' ? '' : `, but ${from}`;
    const problem = `it is not UTF-8${known}. Convert it from its encoding: iconv -f ${from} -t UTF-8 ${file}`;
    throw new OcrHubError('model_mismatch', { path: file, problem }, { cause: error });
  }
}

/** Byte order marks. */
const utf16: Readonly<Record<string, string>> = { fffe: 'UTF-16LE', feff: 'UTF-16BE' };
