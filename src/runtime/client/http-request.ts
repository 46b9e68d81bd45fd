import http from 'node:http';
import https from 'node:https';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { rootCertificates } from 'node:tls';

export interface HttpRequest {
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Milliseconds until the whole answer must be there. */
  readonly timeout: number;
  /** Certificates to trust beside those of Node.js, as PEM. */
  readonly ca?: string | undefined;
  /** Takes any certificate: for a server of this machine, which is sent no secret. */
  readonly anyCertificate?: boolean;
}

export interface HttpAnswer {
  readonly http: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** The body as UTF-8. */
  readonly text: string;
}

/**
 * Sends one HTTP request. `fetch` is no choice: it refuses some ports, 6666 among them, on which a server may listen.
 *
 * @throws Error with the reason why no complete answer came
 */
export function sendRequest(
  url: string,
  { method = 'GET', headers = {}, body = '', timeout, ca, anyCertificate = false }: HttpRequest,
): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const { request } = new URL(url).protocol === 'https:' ? https : http;
    const length = { 'Content-Length': Buffer.byteLength(body) };
    const signal = AbortSignal.timeout(timeout);
    const trust = {
      rejectUnauthorized: !anyCertificate,
      ...(ca === undefined ? {} : { ca: [...rootCertificates, ca] }),
    };
    const all = method === 'GET' ? headers : { ...headers, ...length };
    const sent = request(url, { method, headers: all, signal, ...trust });
    const fail = (error: NodeJS.ErrnoException): void => {
      // The error for a host name with several addresses has a code and no message.
      const problem = signal.aborted ? `no answer within ${timeout / 1000} s` : error.message || (error.code ?? '');
      reject(new Error(problem, { cause: error }));
    };
    sent.once('response', (answer) => {
      // A server that refuses a request may answer and close the connection before it has received the body.
      sent.off('error', fail).on('error', () => undefined);
      const { statusCode: http = 0, headers: received } = answer;
      readBytes(answer).then((bytes) => {
        resolve({
          http,
          headers: received,
          body: bytes,
          get text() {
            return bytes.toString('utf8');
          },
        });
      }, fail);
    });
    sent.once('error', fail);
    sent.end(body);
  });
}

async function readBytes(answer: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}
