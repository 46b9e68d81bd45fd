import { lstat } from 'node:fs/promises';
import { makeFolder } from '../files/make-folder.js';
import type { Home } from '../config/home.js';
import { openControl, type Control, type ControlHandler } from '../servers/control/listen.js';
import { removeState } from '../servers/state/find.js';
import { replaceStateFile, restoreStateFile, stateFile, writeStateFile } from '../servers/state/state-file.js';
import type { ServerState } from '../servers/state/server-state.js';
import type { ServerLog } from './log.js';

/** How often it is looked for. A change of a watched folder would not tell that the folder itself was moved. */
const intervalMs = 1000;

/**
 * The state file and the control socket of a running server. Without them no command would find it, so they are made again when
 * somebody removes them, or moves or removes the home folder.
 */
export class KeptState {
  readonly #home: Home;
  readonly #handle: ControlHandler;
  readonly #log: ServerLog;
  readonly #isDraining: () => boolean;
  #timer: NodeJS.Timeout | undefined;
  #state: ServerState;
  #control: Control | undefined;
  /** One look or change after the other. It never rejects. */
  #last: Promise<void> = Promise.resolve();
  #isLooking = false;
  #problem = '';

  /** @param isDraining whether the port is free for another server, which may put its own socket there */
  constructor(
    { home, state, isDraining }: { home: Home; state: ServerState; isDraining: () => boolean },
    handle: ControlHandler,
    log: ServerLog,
  ) {
    this.#home = home;
    this.#state = state;
    this.#isDraining = isDraining;
    this.#handle = handle;
    this.#log = log;
  }

  /** Opens the control socket, then writes the state file. */
  async open(): Promise<void> {
    this.#control = await openControl(this.#state.control, this.#handle);
    try {
      await writeStateFile(this.#home, this.#state);
    } catch (error) {
      await this.#control.close();
      throw error;
    }
    this.#timer = setInterval(() => {
      // A look may hang in a home folder on a network.
      if (this.#isLooking) return;
      this.#isLooking = true;
      this.#last = this.#last.then(() => this.#look()).finally(() => (this.#isLooking = false));
    }, intervalMs).unref();
  }

  /** Writes another state after a reload. @throws the system's error */
  replace(state: ServerState): Promise<void> {
    this.#state = state;
    const replaced = this.#last.then(() => replaceStateFile(this.#home, state));
    this.#last = replaced.catch(() => undefined);
    return replaced;
  }

  /** Removes both, unless another server has taken the port. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#last;
    await this.#control?.close();
    await removeState(this.#home, this.#state);
  }

  async #look(): Promise<void> {
    try {
      const [isFileGone, isSocketGone] = await Promise.all([
        isGone(stateFile(this.#home, this.#state.port)),
        process.platform !== 'win32' && !this.#isDraining() && isGone(this.#state.control),
      ]);
      if (!isFileGone && !isSocketGone) return;
      await makeFolder(this.#home.serving, 0o700);
      if (isSocketGone) await this.#openAgain();
      if (isFileGone) await restoreStateFile(this.#home, this.#state);
      this.#problem = '';
      this.#log.warn({ folder: this.#home.serving }, 'its state was removed and is written again');
    } catch (error) {
      const problem = (error as Error).message;
      if (problem !== this.#problem) this.#log.error({ problem }, 'its state was removed and cannot be written again');
      this.#problem = problem;
    }
  }

  async #openAgain(): Promise<void> {
    const lost = this.#control;
    this.#control = await openControl(this.#state.control, this.#handle);
    await lost?.close();
  }
}

/** Whether a file is missing for certain. */
async function isGone(file: string): Promise<boolean> {
  try {
    await lstat(file);
    return false;
  } catch (error) {
    return ['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '');
  }
}
