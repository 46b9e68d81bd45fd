import { readRegularBytes } from '../files/read-regular.js';
import { OcrHubError } from '../errors/error.js';

/**
 * Reads a text file of a model. A byte order mark is dropped.
 *
 * @throws OcrHubError `model_mismatch` for another encoding than UTF-8; the system's error for a file that cannot be read
 */
export async function readModelText(file: string): Promise<string> {
  const bytes = await readRegularBytes(file);
  const wide = markOf(bytes) ?? lineEndsOf(bytes);
  if (wide !== undefined) throw otherEncoding(file, `it is not UTF-8, but looks like ${wide}. If so,`, wide);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw otherEncoding(file, 'it is not UTF-8. Convert it from its encoding; if it is Chinese,', 'GB18030', error);
  }
}

function otherEncoding(path: string, problem: string, from: string, cause?: unknown): OcrHubError {
  const quoted = /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
  const advice = `${problem} this writes it as UTF-8: iconv -f ${from} -t UTF-8 ${quoted}`;
  return new OcrHubError('model_mismatch', { path, problem: advice }, { cause });
}

/** Encodings of two or four bytes a character, each with its byte order mark and its line feed; four bytes first. */
const wideEncodings = [
  { name: 'UTF-32LE', mark: [0xff, 0xfe, 0, 0], lineFeed: [0x0a, 0, 0, 0] },
  { name: 'UTF-32BE', mark: [0, 0, 0xfe, 0xff], lineFeed: [0, 0, 0, 0x0a] },
  { name: 'UTF-16LE', mark: [0xff, 0xfe], lineFeed: [0x0a, 0] },
  { name: 'UTF-16BE', mark: [0xfe, 0xff], lineFeed: [0, 0x0a] },
] as const;

function markOf(bytes: Buffer): string | undefined {
  return wideEncodings.find(({ mark }) => mark.every((byte, i) => bytes[i] === byte))?.name;
}

/** The wide encoding of whose line feeds most bytes 0A are a part; in UTF-8 no NUL is beside them. */
function lineEndsOf(bytes: Buffer): string | undefined {
  const sample = bytes.subarray(0, sampled);
  const all = sample.filter((byte) => byte === 0x0a).length;
  return wideEncodings.find(({ lineFeed }) => {
    let aligned = 0;
    for (let at = 0; at + lineFeed.length <= sample.length; at += lineFeed.length)
      if (lineFeed.every((byte, i) => sample[at + i] === byte)) aligned++;
    return aligned > all / 2;
  })?.name;
}

/** Bytes; a multiple of four. Thousands of lines tell enough. */
const sampled = 65_536;
