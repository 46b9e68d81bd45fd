import type { Request } from 'express';
import { OcrHubError } from '../errors.js';

/**
 * Reads a whole JSON body as bytes. A compressed one is refused: its size is known only after it is unpacked.
 * A body over the limit is refused as soon as that is known.
 *
 * @throws OcrHubError `content_type_unknown`, `body_too_large`, `client_gone`
 */
export async function readBody(request: Request, limit: number): Promise<Uint8Array> {
  const type = request.get('content-type') ?? '';
  if (!/^application\/([\w.+-]+\+)?json\s*(;|$)/i.test(type)) throw new OcrHubError('content_type_unknown', { type });
  const encoding = request.get('content-encoding') ?? 'identity';
  if (encoding.toLowerCase() !== 'identity') {
    throw new OcrHubError('content_type_unknown', { type: `${type}, ${encoding}` });
  }
  if (Number(request.get('content-length') ?? 0) > limit) throw new OcrHubError('body_too_large', { limit });
  return collect(request, limit);
}

function collect(request: Request, limit: number): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length <= limit) {
        chunks.push(chunk);
        return;
      }
      request.removeAllListeners('data');
      reject(new OcrHubError('body_too_large', { limit }));
    });
    request.once('end', () => {
      resolve(Buffer.concat(chunks, length));
    });
    request.once('error', (error) => {
      reject(new OcrHubError('client_gone', {}, { cause: error }));
    });
  });
}
