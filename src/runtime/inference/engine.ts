import { AsyncLocalStorage } from 'node:async_hooks';
import path from 'node:path';
import { homeAt, resolveHome, type Home } from '../config/home.js';

/** Where a pipeline finds its models and keeps its results, and how many threads it computes with. */
export interface Engine {
  readonly home: Home;
  readonly threads: number;
}

/** What the caller of a pipeline may choose beside its parameters. */
export interface EngineOptions {
  /** Threads that compute at once: 1 by default, or those of the server that hosts the calling module. */
  readonly threads?: number | undefined;
  /** The home folder with downloaded models. By default that of the commands (`$OCRHUB_HOME` or `~/.ocrhub`). */
  readonly home?: string | undefined;
}

/** Runs `work`. The pipelines created in it, also later or asynchronously, use `engine` for what their caller leaves out. */
export function runWithEngine<T>(engine: Engine, work: () => T): T {
  return current.run(engine, work);
}

/** Whether the caller runs inside `runWithEngine`, as a module does on a server or in `ocrhub run`. */
export function isHosted(): boolean {
  return current.getStore() !== undefined;
}

/**
 * Completes what the caller of a pipeline chose. The home folder of the commands is looked up at the first use of `home`,
 * which throws OcrHubError `defaults_damaged` or `home_unusable`: a pipeline that loads no model needs none.
 */
export function engineOf({ threads, home }: EngineOptions = {}): Engine {
  const outer = current.getStore();
  const count = threads ?? outer?.threads ?? 1;
  let known = home === undefined ? undefined : homeIn(path.resolve(home));
  return {
    threads: count,
    get home() {
      return (known ??= outer?.home ?? resolveHome());
    },
  };
}

function homeIn(root: string): Home {
  return homeAt(root, path.join(root, 'config.json'));
}

const current = new AsyncLocalStorage<Engine>();
