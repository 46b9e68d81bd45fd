import { createServer, type IncomingMessage } from 'node:http';
import { onTestFinished } from 'vitest';

export interface StubRequest {
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface StubServer {
  readonly url: string;
  /** The requests so far. */
  readonly requests: readonly StubRequest[];
}

/** An answer that throws this closes the connection in the middle of its body. */
export class ServerGone extends Error {}

interface StubAnswer {
  readonly http: number;
  readonly text: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Milliseconds before the answer is sent. */
  readonly delay?: number;
}

/** An HTTP server that answers every request with `answer`. Closed when the test finishes. */
export async function stubServer(answer: (request: StubRequest, index: number) => StubAnswer): Promise<StubServer> {
  const requests: StubRequest[] = [];
  const server = createServer((incoming, outgoing) => {
    let body = '';
    incoming.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
    incoming.on('end', () => {
      const request = { url: incoming.url ?? '', headers: incoming.headers, body };
      try {
        const { http, text, headers = {}, delay = 0 } = answer(request, requests.push(request) - 1);
        const head = { 'Content-Type': 'application/json', Connection: 'close', ...headers };
        setTimeout(() => outgoing.writeHead(http, head).end(text), delay);
      } catch (error) {
        if (!(error instanceof ServerGone)) throw error;
        outgoing.writeHead(200, { 'Content-Length': 100 }).write('{', () => outgoing.destroy());
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the server has no port');
  return { url: `http://127.0.0.1:${address.port}`, requests };
}

/** HubServing's envelope as text. */
export function envelope(results: unknown, { msg = '', status = '000' } = {}): string {
  return JSON.stringify({ msg, results, status });
}
