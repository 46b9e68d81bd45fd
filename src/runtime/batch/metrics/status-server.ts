import { createServer, type Server, type ServerResponse } from 'node:http';
import { OcrHubError } from '../../errors/error.js';
import type { Figures } from './figures.js';
import { metricsText } from './metrics.js';

export interface StatusServerOptions {
  readonly port: number;
  /** The flag that named the port, for messages. */
  readonly flag: string;
  readonly figures: () => Figures;
}

/**
 * Answers probes and Prometheus, on all addresses of the machine: `/health/live`, `/health/ready` with 503 while work waits for
 * something that is away, `/health`, and `/metrics`.
 */
export class StatusServer {
  readonly port: number;
  readonly #server: Server;

  private constructor(server: Server, port: number) {
    this.#server = server;
    this.port = port;
  }

  /** @throws OcrHubError `value_invalid` if the port cannot be listened on */
  static async start({ port, flag, figures }: StatusServerOptions): Promise<StatusServer> {
    const server = createServer((request, response) => {
      answer(request.url ?? '/', response, figures).catch(() => response.destroy());
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', (error: NodeJS.ErrnoException) => {
        const problem = error.code === 'EADDRINUSE' ? 'another process listens on this port' : error.message;
        reject(new OcrHubError('value_invalid', { subject: flag, key: '', value: port, problem }));
      });
      server.listen(port, resolve);
    });
    // A command ends when its work is done.
    server.unref();
    const address = server.address();
    return new StatusServer(server, typeof address === 'object' && address !== null ? address.port : port);
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

async function answer(url: string, response: ServerResponse, figures: () => Figures): Promise<void> {
  const send = (status: number, contentType: string, body: string): void => {
    response.writeHead(status, { 'Content-Type': contentType, 'Cache-Control': 'no-store' }).end(body);
  };
  const json = (status: number, value: unknown): void => send(status, 'application/json', JSON.stringify(value));
  const { waitsFor } = figures();
  switch (url.replace(/\?.*/, '')) {
    case '/metrics': {
      const { contentType, text } = await metricsText(figures());
      send(200, contentType, text);
      return;
    }
    case '/health/live':
      json(200, { status: 'live' });
      return;
    case '/health':
    case '/health/ready':
      json(waitsFor === undefined ? 200 : 503, {
        status: waitsFor === undefined ? 'ready' : 'waiting',
        reason: waitsFor,
      });
      return;
    default:
      json(404, { error: 'known paths: /health/live, /health/ready, /metrics' });
  }
}
