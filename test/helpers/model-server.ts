import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export interface ModelServer {
  readonly url: string;
  /** The requests so far: path, and the Range they asked for. */
  readonly requests: { readonly path: string; readonly range: string | undefined }[];
  /** What lies at a path that ends so; may change while it runs. */
  readonly files: Map<string, Buffer>;
  /** Answers a request in another way than a good server; false leaves it to the good one. */
  misbehave: (request: IncomingMessage, response: ServerResponse, body: Buffer) => boolean;
}

/** A host of models as the official one is: ranges, ETag. It ends with the test. */
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

/** Sends the beginning of a body and then ends the connection. */
export function breakOff(response: ServerResponse, body: Buffer, after: number): true {
  response.writeHead(200, { 'Content-Length': body.length, ETag: etag(body) });
  // Not at once: what the client has not read yet would be lost with the connection.
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
