import { once } from 'node:events';
import { WebSocket } from 'undici';

/** The event Debugger.scriptParsed. */
export interface Script {
  readonly scriptId: string;
  readonly url: string;
  readonly sourceMapURL: string;
}

/** The event Debugger.paused. */
export interface Paused {
  readonly reason: string;
  readonly callFrames: readonly {
    readonly callFrameId: string;
    readonly location: { readonly scriptId: string; readonly lineNumber: number; readonly columnNumber: number };
  }[];
}

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

/** A session of the Chrome DevTools protocol with a Node process. */
export class DebugSession {
  readonly #socket: WebSocket;
  readonly #messages: Message[] = [];
  #ids = 0;
  #wake: () => void = () => undefined;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener('message', ({ data }) => {
      this.#messages.push(JSON.parse(String(data)) as Message);
      this.#wake();
    });
  }

  static async open(url: string): Promise<DebugSession> {
    const socket = new WebSocket(url);
    const session = new DebugSession(socket);
    await once(socket, 'open');
    return session;
  }

  async ask<T = unknown>(method: string, params: object = {}): Promise<T> {
    const id = ++this.#ids;
    this.#socket.send(JSON.stringify({ id, method, params }));
    const { result, error } = await this.#take((message) => message.id === id);
    if (error !== undefined) throw new Error(`${method}: ${error.message}`);
    return result as T;
  }

  /** Returns the next event of this kind for which `right` is true. Each event is returned once. */
  async event<T>(method: string, right: (params: T) => boolean = () => true): Promise<T> {
    const message = await this.#take((event) => event.method === method && right(event.params as T));
    return message.params as T;
  }

  close(): void {
    this.#socket.close();
  }

  async #take(right: (message: Message) => boolean): Promise<Message> {
    for (;;) {
      const index = this.#messages.findIndex(right);
      const [message] = index === -1 ? [] : this.#messages.splice(index, 1);
      if (message !== undefined) return message;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}
