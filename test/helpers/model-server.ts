import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export interface ModelServer {
  readonly url: string;
  /** The requests so far, with their path and Range header. */
  readonly requests: { readonly path: string; readonly range: string | undefined }[];
  /** Content by the end of the path. May change while the server runs. */
  readonly files: Map<string, Buffer>;
  /** Answers a request in a wrong way and returns true; false leaves it to the regular server. */
  misbehave: (request: IncomingMessage, response: ServerResponse, body: Buffer) => boolean;
}

/** An HTTP server of models with ranges and ETag, like the official one. Closed when the test finishes. */
export async function modelServer(files: Readonly<Record<string, Buffer>>): Promise<ModelServer> {
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    model.requests.push({ path, range: request.headers.range });
    const body = [...model.files].find(([end]) => path.endsWith(end))?.[1];
    if (body === undefined) response.writeHead(404).end();
    else if (!model.misbehave(request, response, body)) serve(request, response, body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const model: ModelServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: [],
    files: new Map(Object.entries(files)),
    misbehave: () => false,
  };
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return model;
}

/** Sends the first bytes of a body and then closes the connection. */
export function breakOff(response: ServerResponse, body: Buffer, after: number): true {
  response.writeHead(200, { 'Content-Length': body.length, ETag: etag(body) });
  // Later, because the client loses bytes that it has not read when the connection closes.
  response.write(body.subarray(0, after), () => setTimeout(() => response.destroy(), 50));
  return true;
}

export function etag(body: Buffer): string {
  return `"${createHash('sha256').update(body).digest('hex')}"`;
}

function serve(request: IncomingMessage, response: ServerResponse, body: Buffer): void {
  const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
  if (from >= body.length) {
    response.writeHead(416).end();
    return;
  }
  const headers = { 'Content-Length': body.length - from, ETag: etag(body) };
  if (from === 0) response.writeHead(200, headers);
  else response.writeHead(206, { ...headers, 'Content-Range': `bytes ${from}-${body.length - 1}/${body.length}` });
  response.end(body.subarray(from));
}
