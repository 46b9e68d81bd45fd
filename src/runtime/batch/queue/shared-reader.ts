import type { Reader } from '../work/reader.js';

/** A reader that ends its processes. */
export interface ClosableReader extends Reader {
  close(): void;
}

interface Current<R> {
  readonly key: string;
  readonly reader: R;
}

/**
 * The reader of a worker. There is one at a time, as its processes fill the machine. Units of a run with another module or other
 * settings wait until no unit is read with it; then it makes room for theirs, in the order of the calls.
 */
export class SharedReader<R extends ClosableReader> {
  #current: Current<R> | undefined;
  #users = 0;
  #onIdle: (() => void) | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  /** @param key equal keys share a reader */
  async use<T>(key: string, start: () => Promise<R>, work: (reader: R) => Promise<T>): Promise<T> {
    const turn = this.#turn.then(() => this.#take(key, start));
    this.#turn = turn.catch(() => undefined);
    const reader = await turn;
    try {
      return await work(reader);
    } finally {
      if (--this.#users === 0) this.#onIdle?.();
    }
  }

  close(): void {
    this.#current?.reader.close();
    this.#current = undefined;
  }

  async #take(key: string, start: () => Promise<R>): Promise<R> {
    if (this.#current?.key !== key) {
      if (this.#users > 0) await new Promise<void>((resolve) => (this.#onIdle = resolve));
      this.#onIdle = undefined;
      this.close();
      this.#current = { key, reader: await start() };
    }
    this.#users++;
    return this.#current.reader;
  }
}
