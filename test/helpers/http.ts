import { type Agent, request, type IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';

/** HubServing's envelope. */
export interface Envelope<R = unknown> {
  readonly msg: string;
  readonly results: R;
  readonly status: string;
}

export interface Answer {
  readonly http: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

export interface Ask {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string | number>>;
  /** A stream is sent chunked, without a Content-Length. */
  readonly body?: string | Uint8Array | Readable;
  /** Closes the connection. */
  readonly signal?: AbortSignal;
  readonly agent?: Agent;
}

/** Sends one request on its own connection. Unlike `fetch` it adds no headers except Content-Length. */
export function send(url: string, { method = 'GET', headers = {}, body, signal, agent }: Ask = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const length = typeof body === 'string' || body instanceof Uint8Array ? { 'Content-Length': bytesOf(body) } : {};
    const outgoing = request(
      url,
      {
        method,
        headers: { ...length, ...headers },
        agent: agent ?? false,
        ...(signal === undefined ? {} : { signal }),
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.once('error', reject);
        response.once('end', () => {
          resolve({
            http: response.statusCode ?? 0,
            headers: response.headers,
            text: Buffer.concat(chunks).toString('utf8'),
          });
        });
      },
    );
    outgoing.once('error', reject);
    if (body === undefined || typeof body === 'string' || body instanceof Uint8Array) outgoing.end(body);
    else body.pipe(outgoing);
  });
}

/** Posts a JSON body as the clients of HubServing do. */
export function post(url: string, body: unknown, ask: Omit<Ask, 'body' | 'method'> = {}): Promise<Answer> {
  const text = typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body);
  return send(url, {
    ...ask,
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...ask.headers },
    body: text,
  });
}

/** The envelope in an answer, with the HTTP status. */
export function opened<R = unknown>({ http, text }: Answer): Envelope<R> & { readonly http: number } {
  return { http, ...(JSON.parse(text) as Envelope<R>) };
}

function bytesOf(body: string | Uint8Array): number {
  return typeof body === 'string' ? Buffer.byteLength(body) : body.length;
}
