import type { Readable } from 'node:stream';
import { OcrHubError } from '../errors/error.js';

/**
 * Reads standard input to its end.
 *
 * @throws OcrHubError `stdin_unusable` for a terminal, nothing at all, and more than `maxBytes`
 */
export async function readStdin(stdin: Readable & { readonly isTTY?: boolean }, maxBytes: number): Promise<Buffer> {
  // A terminal would wait for a picture to be typed.
  if (stdin.isTTY === true) throw new OcrHubError('stdin_unusable', { problem: 'it is a terminal' });
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stdin as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > maxBytes) throw new OcrHubError('stdin_unusable', { problem: `it has more than ${maxBytes} bytes` });
    chunks.push(chunk);
  }
  if (length === 0) throw new OcrHubError('stdin_unusable', { problem: 'it is empty' });
  return Buffer.concat(chunks);
}
