import type { Request } from 'express';
import { OcrHubError } from '../../errors/error.js';
import { ArrivingBody } from './arriving-body.js';
import type { ByteBudget } from './byte-budget.js';

/**
 * Reads a whole JSON body as bytes. A compressed one is refused: its size is known only after it is unpacked.
 * A body over the limit is refused as soon as that is known.
 *
 * Bodies that arrive hold no place in the queue, or a few clients that send half of one would keep it: they share
 * `arrivals`, of which each takes what has come of it. Where that runs out the largest is refused: a few clients that
 * send nearly all of one, and then a byte now and then, would keep everybody else out.
 *
 * @throws OcrHubError `content_type_unknown`, `body_too_large`, `body_stalled`, `arrivals_full`, `client_gone`
 */
export async function readBody(request: Request, limit: number, arrivals: ByteBudget): Promise<Uint8Array> {
  const type = request.get('content-type') ?? '';
  if (!/^application\/([\w.+-]+\+)?json\s*(;|$)/i.test(type)) throw new OcrHubError('content_type_unknown', { type });
  const encoding = request.get('content-encoding') ?? 'identity';
  if (encoding.toLowerCase() !== 'identity') {
    throw new OcrHubError('content_type_unknown', { type: `${type}, ${encoding}` });
  }
  if (Number(request.get('content-length') ?? 0) > limit) throw new OcrHubError('body_too_large', { limit });
  return collect(request, limit, arrivals);
}

/** Milliseconds in which something must come; as long as the headers may take. */
const stallTimeout = 10_000;

function collect(request: Request, limit: number, arrivals: ByteBudget): Promise<Uint8Array> {
  return new Promise<Uint8Array>((resolve, reject) => {
    const finish = (): void => {
      clearTimeout(stalled);
      resolve(body.whole());
      body.close();
    };
    const refuse = (error: OcrHubError): void => {
      clearTimeout(stalled);
      // The connection stays for a while; what came of the body does not.
      request.removeAllListeners('data').off('end', finish);
      body.close();
      reject(error);
    };
    const refuseFull = (): void => {
      refuse(new OcrHubError('arrivals_full', { limit: arrivals.size }));
    };
    const body = new ArrivingBody(arrivals, refuseFull);
    const stalled = setTimeout(() => {
      refuse(new OcrHubError('body_stalled', { seconds: stallTimeout / 1000 }));
    }, stallTimeout);
    request.on('data', (chunk: Buffer) => {
      stalled.refresh();
      if (body.length + chunk.length > limit) refuse(new OcrHubError('body_too_large', { limit }));
      else if (!body.add(chunk)) refuseFull();
    });
    request.once('end', finish);
    request.once('error', (error) => {
      refuse(new OcrHubError('client_gone', {}, { cause: error }));
    });
  });
}
