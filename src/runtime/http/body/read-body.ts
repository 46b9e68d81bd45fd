import type { Request } from 'express';
import { OcrHubError } from '../../errors/error.js';
import { ArrivingBody } from './arriving-body.js';
import type { ByteBudget } from './byte-budget.js';
import { decoderOf } from './content-encoding.js';

/** A media type that an endpoint accepts. */
export interface BodyType {
  /** For messages. */
  readonly name: string;
  /** Matches the header Content-Type. */
  readonly pattern: RegExp;
}

export const jsonBody: BodyType = {
  name: 'application/json',
  pattern: /^application\/([\w.+-]+\+)?json\s*(;|$)/i,
};

/** Form data with files, as browsers and `curl -F` send it. */
export const formBody: BodyType = {
  name: 'multipart/form-data',
  pattern: /^multipart\/form-data\s*(;|$)/i,
};

/**
 * The bytes of one file. `curl --data-binary` says x-www-form-urlencoded unless told otherwise, and some clients say
 * nothing.
 */
export const fileBody: BodyType = {
  name: 'image/* or application/pdf',
  pattern: /^($|(image\/[\w.+-]+|application\/(pdf|x-pdf|octet-stream|x-www-form-urlencoded))\s*(;|$))/i,
};

/** For protocols whose clients do not name the type of their JSON. */
export const anyBody: BodyType = { name: 'application/json', pattern: /^/ };

/** A form without files. */
export const urlEncodedBody: BodyType = {
  name: 'application/x-www-form-urlencoded',
  pattern: /^application\/x-www-form-urlencoded\s*(;|$)/i,
};

export interface BodyLimits {
  readonly types: readonly BodyType[];
  /** Bytes of one body. */
  readonly limit: number;
  /** Bytes of all bodies that are being received. */
  readonly arrivals: ByteBudget;
}

/**
 * Reads a whole body as bytes, and unpacks it if it is compressed. A body over the limit is refused as soon as that is known; the
 * limit holds for the body as it arrives and for what is unpacked.
 *
 * A body being received holds no queue slot, so slow clients cannot fill the queue. All such bodies share the budget
 * `arrivals`; when it runs out, the largest body is refused. Otherwise a few clients that send nearly all of a large
 * body, and then a byte now and then, would keep out all others.
 *
 * @throws OcrHubError `content_type_unknown`, `encoding_unknown`, `request_malformed` for a body that cannot be unpacked,
 *   `body_too_large`, `body_stalled`, `arrivals_full`, `client_gone`
 */
export async function readBody(request: Request, { types, limit, arrivals }: BodyLimits): Promise<Uint8Array> {
  const type = request.get('content-type') ?? '';
  const expected = expectedTypes(types);
  if (!types.some(({ pattern }) => pattern.test(type)))
    throw new OcrHubError('content_type_unknown', { type, expected });
  if (Number(request.get('content-length') ?? 0) > limit) throw new OcrHubError('body_too_large', { limit });
  return collect(request, limit, arrivals);
}

/** The media types that an endpoint accepts, for messages. */
export function expectedTypes(types: readonly BodyType[]): string {
  return types.map(({ name }) => name).join(', ');
}

/** The longest pause within a body. The headers may take as long. */
const stallTimeoutMs = 10_000;

function collect(request: Request, limit: number, arrivals: ByteBudget): Promise<Uint8Array> {
  const encoding = request.get('content-encoding');
  const decoder = decoderOf(encoding);
  return new Promise<Uint8Array>((resolve, reject) => {
    const unpacked = decoder ?? request;
    let received = 0;
    const finish = (): void => {
      clearTimeout(stalled);
      resolve(body.whole());
      body.close();
    };
    const refuse = (error: OcrHubError): void => {
      clearTimeout(stalled);
      // The connection stays open for a while; the received bytes are freed now.
      request.removeAllListeners('data').off('end', finish);
      if (decoder !== undefined) {
        request.unpipe(decoder).resume();
        decoder.off('end', finish).destroy();
      }
      body.close();
      reject(error);
    };
    const refuseFull = (): void => {
      refuse(new OcrHubError('arrivals_full', { limit: arrivals.size }));
    };
    const body = new ArrivingBody(arrivals, refuseFull);
    const stalled = setTimeout(() => {
      refuse(new OcrHubError('body_stalled', { seconds: stallTimeoutMs / 1000 }));
    }, stallTimeoutMs);
    request.on('data', (chunk: Buffer) => {
      stalled.refresh();
      received += chunk.length;
      if (received > limit) refuse(new OcrHubError('body_too_large', { limit }));
    });
    unpacked.on('data', (chunk: Buffer) => {
      if (body.length + chunk.length > limit) refuse(new OcrHubError('body_too_large', { limit }));
      else if (!body.add(chunk)) refuseFull();
    });
    unpacked.once('end', finish);
    decoder?.once('error', (error) => {
      const problem = `its header Content-Encoding is ${JSON.stringify(encoding)}, and the body cannot be unpacked: ${error.message}`;
      refuse(
        new OcrHubError(
          'request_malformed',
          { problem, expected: 'a whole body in that encoding, with nothing behind it' },
          { cause: error },
        ),
      );
    });
    request.once('error', (error) => {
      refuse(new OcrHubError('client_gone', {}, { cause: error }));
    });
    if (decoder !== undefined) request.pipe(decoder);
  });
}
