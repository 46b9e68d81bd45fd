import v8 from 'node:v8';
import vm from 'node:vm';

/** Milliseconds after the end of a request or a connection. */
const delayMs = 5000;

/**
 * Collects garbage when the server is idle. Bodies live outside the V8 heap, whose garbage collector does not run while nothing is
 * allocated: the blocks of dropped bodies stayed for hours. A collection takes about 10 ms.
 */
export class IdleCollector {
  readonly #isIdle: () => boolean;
  readonly #collect: () => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(isIdle: () => boolean, collect = collector()) {
    this.#isIdle = isIdle;
    this.#collect = collect;
  }

  /** Collects 5 s from now, or later if the server is not idle then. */
  schedule(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      if (this.#isIdle()) this.#collect();
      else this.schedule();
    }, delayMs).unref();
  }
}

/** The flag works at run time too, so that a server in the foreground needs no flag of Node. */
function collector(): () => void {
  v8.setFlagsFromString('--expose-gc');
  return vm.runInNewContext('gc') as () => void;
}
