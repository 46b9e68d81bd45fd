import type { Request } from 'express';
import { OcrHubError } from '../errors.js';

/**
 * Reads a whole JSON body as bytes. A compressed one is refused: its size is known only after it is unpacked.
 * A body over the limit is refused as soon as that is known.
 *
 * @throws OcrHubError `content_type_unknown`, `body_too_large`, `client_gone`
 */
export function readBody(request: Request, limit: number): Promise<Uint8Array> {
  const type = request.get('content-type') ?? '';
  const encoding = request.get('content-encoding') ?? 'identity';
  return new Promise((resolve, reject) => {
    const refuse = (error: OcrHubError): void => {
      request.removeAllListeners('data');
      reject(error);
    };
    if (!/^application\/([\w.+-]+\+)?json\s*(;|$)/i.test(type)) {
      refuse(new OcrHubError('content_type_unknown', { type }));
    } else if (encoding.toLowerCase() !== 'identity') {
      refuse(new OcrHubError('content_type_unknown', { type: `${type}, ${encoding}` }));
    } else if (Number(request.get('content-length') ?? 0) > limit) {
      refuse(new OcrHubError('body_too_large', { limit }));
    } else {
      const chunks: Buffer[] = [];
      let length = 0;
      request.on('data', (chunk: Buffer) => {
        length += chunk.length;
        if (length > limit) refuse(new OcrHubError('body_too_large', { limit }));
        else chunks.push(chunk);
      });
      request.once('end', () => {
        resolve(Buffer.concat(chunks, length));
      });
      request.once('error', (error) => {
        reject(new OcrHubError('client_gone', {}, { cause: error }));
      });
    }
  });
}
