import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server as HttpServer,
  type ServerOptions,
  type ServerResponse,
} from 'node:http';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https';
import { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { OcrHubError } from '../errors/error.js';
import { isPlainOnTls, toParserReply, type ParserError } from '../http/parser-errors.js';
import { toListenError } from '../servers/listen-error.js';
import { IdleCollector } from './idle-collector.js';
import type { KeyPair } from './key-pair.js';
import type { BoundedLog } from './bounded-log.js';
import type { ServerLog } from './log.js';
import { logRefusal } from './request-log.js';

/** Load balancers keep idle connections for 60 s, and the server must not close them first. */
const keepAliveTimeoutMs = 65_000;

const headersTimeoutMs = 10_000;

/** Every request may take this long, even if no body is allowed. */
const minRequestTimeoutMs = 60_000;

/**
 * The slowest upload of the largest body that is received completely: 16 KiB/s, 128 kbit/s. A body that stops arriving is
 * refused earlier with an answer; this limit ends uploads that trickle forever.
 */
const minUploadRate = 16 * 1024;

/** How long the last answers may take to be sent before their connections are closed. */
const lastAnswersMs = 500;

/** How long a stopping server waits for requests that have not arrived, and for clients that do not take their answers. */
const lastArrivalsMs = 500;

/** @param maxBody largest request body in bytes */
export function httpOptions(maxBody: number): ServerOptions {
  return {
    keepAliveTimeout: keepAliveTimeoutMs,
    headersTimeout: headersTimeoutMs,
    // Node refuses fractions of a millisecond.
    requestTimeout: minRequestTimeoutMs + Math.ceil((maxBody / minUploadRate) * 1000),
    // Node would answer without a body, and the log would have no line (http/access/host-check.ts).
    requireHostHeader: false,
    // How often Node looks for requests that took too long.
    connectionsCheckingInterval: 5000,
  };
}

/**
 * How long a client may take nothing of an answer before its connection is closed. The system reports progress when a third of its
 * buffer, mostly 4 MB, is free again, so slow clients need a while.
 */
const defaultAnswerTimeoutMs = 120_000;

export interface ListenerOptions {
  readonly log: ServerLog;
  /** Lines of requests that are none. */
  readonly refusals: BoundedLog;
  /** Undefined: connections are not encrypted. */
  readonly keyPair?: KeyPair | undefined;
  /** While it returns true, every answer closes its connection. */
  readonly isDraining: () => boolean;
  /** Default: two minutes. */
  readonly answerTimeoutMs?: number;
}

/** Of all addresses together: a CONNECT is for none of them. */
const allowedMethods = 'GET, HEAD, POST, PUT, DELETE, OPTIONS';

/** When a client that has closed its half is asked whether it is still there. The second time the reset of the first is noticed. */
const probesMs = [0, 250, 2000];

/** The HTTP port of a server and its connections. */
export class Listener {
  readonly #http: HttpServer | TlsServer;
  readonly #log: ServerLog;
  readonly #refusals: BoundedLog;
  /** Open connections, each with the answer that was begun last, until it is sent. */
  readonly #connections = new Map<Socket, ServerResponse | undefined>();
  /** Connections on which TLS is still being agreed on, by the address of the client. */
  readonly #handshakes = new Map<string, Socket>();
  readonly #collector = new IdleCollector(() => this.#isIdle);

  constructor(app: RequestListener, maxBody: number, options: ListenerOptions) {
    const { log, refusals, keyPair, isDraining, answerTimeoutMs = defaultAnswerTimeoutMs } = options;
    this.#log = log;
    this.#refusals = refusals;
    const http = httpOptions(maxBody);
    this.#http = keyPair === undefined ? createServer(http, app) : createTlsServer({ ...http, ...keyPair }, app);
    // A client may close its half of the connection when it has sent its request, and wait for the answer.
    Object.assign(this.#http, { httpAllowHalfOpen: true });
    if (keyPair === undefined) this.#http.on('connection', (socket: Socket) => this.#keep(socket));
    else {
      this.#http.on('connection', (socket: Socket) => this.#keepHandshake(socket));
      this.#http.on('secureConnection', (socket: Socket) => this.#keep(socket));
    }
    const begin: RequestListener = (request, response) => {
      this.#connections.set(request.socket, response);
      if (isDraining()) response.setHeader('Connection', 'close');
      limitSending(request.socket, response, answerTimeoutMs);
      response.once('close', () => {
        // A client may keep its connection for long, and would keep the body of its request in memory.
        if (this.#connections.get(request.socket) === response) this.#connections.set(request.socket, undefined);
        this.#collector.schedule();
      });
    };
    this.#http.prependListener('request', begin);
    this.#http.on('clientError', (error, socket) => {
      if (socket instanceof Socket) this.#refuse(error, socket);
      else socket.destroy();
    });
    this.#http.on('tlsClientError', (error: ParserError, socket: Socket) => {
      if (isPlainOnTls(error)) this.#refusePlain(error, socket);
    });
    // Node closes the connection of a CONNECT without a word unless there is a listener.
    this.#http.on('connect', ({ method = '', url = '' }: IncomingMessage, socket) => {
      // Node has taken its own listener away, and a client that hangs up now would end the server.
      socket.on('error', () => socket.destroy());
      const error = new OcrHubError('method_not_allowed', { method, path: url, allowed: allowedMethods });
      if (socket instanceof Socket) this.#refuse(error, socket);
      else socket.destroy();
    });
    this.#http.on('checkExpectation', (request, response) => {
      begin(request, response);
      app(request, response);
    });
  }

  /** Open connections keep the certificate that they have. */
  renew(keyPair: KeyPair): void {
    if ('setSecureContext' in this.#http) this.#http.setSecureContext(keyPair);
  }

  /** @throws OcrHubError `port_in_use`, `host_unavailable` */
  listen(host: string, port: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#http.once('error', (error) => reject(toListenError(error, host, port)));
      this.#http.listen({ port, host, exclusive: true }, () => {
        this.#http.removeAllListeners('error');
        this.#http.on('error', (error) => {
          this.#log.error({ problem: error.message }, 'HTTP server');
        });
        resolve();
      });
    });
  }

  /**
   * Accepts no more connections, and closes each open one when it is idle. Calls `finishWork` when all connections are
   * closed, or after `maxMs`; then closes the rest.
   */
  async close(maxMs: number, finishWork: () => Promise<void>): Promise<void> {
    const closed = new Promise<void>((resolve) => {
      this.#http.close(() => {
        resolve();
      });
    });
    const start = performance.now();
    const timer = setInterval(() => {
      this.#http.closeIdleConnections();
      if (performance.now() - start > lastArrivalsMs) this.#closeUnused();
    }, 50);
    await Promise.race([closed, sleep(maxMs, undefined, { ref: false })]);
    await finishWork();
    // The work that was not finished has just been answered with errors.
    await Promise.race([closed, sleep(lastAnswersMs, undefined, { ref: false })]);
    clearInterval(timer);
    this.abort();
    await closed;
  }

  /** Whether no request is in work or arriving. */
  get #isIdle(): boolean {
    return [...this.#connections.values()].every((answer) => answer === undefined || answer.writableEnded);
  }

  #keepHandshake(socket: Socket): void {
    const client = addressOf(socket);
    this.#handshakes.set(client, socket);
    socket.once('close', () => this.#handshakes.delete(client));
  }

  #keep(socket: Socket): void {
    this.#handshakes.delete(addressOf(socket));
    this.#connections.set(socket, undefined);
    socket.once('close', () => {
      this.#connections.delete(socket);
      this.#collector.schedule();
    });
    socket.once('end', () => {
      for (const ms of probesMs) setTimeout(() => this.#probe(socket), ms).unref();
    });
  }

  /** A client that has gone away looks the same as one that waits. It answers this line, which clients skip, with a reset. */
  #probe(socket: Socket): void {
    const answer = this.#connections.get(socket);
    if (answer === undefined || answer.headersSent || !answer.req.complete || answer.req.httpVersion !== '1.1') return;
    answer.writeContinue();
  }

  /** Closes the connections without a request in work: silent ones, half-sent requests, and answers that are not taken. */
  #closeUnused(): void {
    for (const socket of this.#handshakes.values()) socket.destroy();
    for (const [socket, answer] of this.#connections) {
      if (answer === undefined || !answer.req.complete || answer.writableEnded) socket.destroy();
    }
  }

  /**
   * Answers what is no request. If it follows a request whose answer is not sent yet, that answer is the last on the connection: two
   * answers that a client takes for one would be worse than none for what nobody can read.
   */
  #refuse(error: ParserError | OcrHubError, socket: Socket): void {
    const answer = this.#connections.get(socket);
    if (error.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy();
      return;
    }
    if (answer !== undefined && !answer.writableFinished && (answer.req.complete || answer.headersSent)) {
      if (!answer.headersSent) answer.setHeader('Connection', 'close');
      answer.once('finish', () => socket.destroySoon());
      return;
    }
    socket.end(this.#replyTo(error, socket));
    socket.destroySoon();
  }

  /** Answers a request without TLS on a port that speaks TLS. The connection below is still open at this moment. */
  #refusePlain(error: ParserError, socket: Socket): void {
    const plain = this.#handshakes.get(addressOf(socket));
    if (plain?.writable !== true) return;
    plain.end(this.#replyTo(error, plain));
  }

  /** Writes a line into the log, and returns the answer. */
  #replyTo(error: ParserError | OcrHubError, socket: Socket): string {
    const reply = toParserReply(error);
    const { httpStatus, message } = reply.error;
    const refusal = { id: reply.id, from: socket.remoteAddress, httpStatus, message };
    this.#refusals.add((log) => logRefusal(log, refusal));
    return reply.text;
  }

  /** Closes the port and all connections at once. */
  abort(): void {
    for (const socket of [...this.#handshakes.values(), ...this.#connections.keys()]) socket.destroy();
    this.#http.closeAllConnections();
    this.#http.close();
  }
}

/**
 * Closes a connection whose client stops taking an answer, which would be held in memory for ever. Node closes it after a time
 * in which nothing was sent. The limit begins when the whole answer is known, because a reading may take longer.
 */
function limitSending(socket: Socket, response: ServerResponse, ms: number): void {
  response.once('prefinish', () => socket.setTimeout(ms));
  response.once('finish', () => {
    // Node has set its own limit for idle connections, unless another request is in work.
    if (socket.timeout === ms) socket.setTimeout(0);
  });
}

function addressOf({ remoteAddress = '', remotePort = 0 }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}
