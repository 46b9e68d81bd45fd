import { OcrHubError } from '../runtime/errors/error.js';
import { onLostOutput } from '../runtime/process/lost-output.js';

/** The exit code of a program that Ctrl-C ended. */
const interrupted = 130;

/**
 * Ctrl-C during a command. It ends the command with exit code 130. A file that is being written is removed by its writer, so
 * that whole files are left only.
 */
export class Interrupt {
  /** True while the process ends. */
  isEnding = false;
  #isHeld = false;
  #isPending = false;
  #exitCode = interrupted;
  readonly #stop: () => void;
  readonly #tell: (text: string) => void;

  /**
   * @param stop called before the process ends
   * @param tell prints a text for the user
   */
  constructor({ stop, tell }: { readonly stop: () => void; readonly tell: (text: string) => void }) {
    this.#stop = stop;
    this.#tell = tell;
    process.on('SIGINT', this.#onSignal);
    onLostOutput((error) => {
      const full =
        error.code === 'EPIPE' ? undefined : new OcrHubError('output_unwritable', { problem: error.message });
      if (full !== undefined && !this.#isPending) process.stderr.write(`Error: ${full.message}\n${full.hint}\n`);
      this.#exitCode = full?.exitCode ?? 0;
      this.#isPending = true;
      // The error of the last write comes when nobody checks any more.
      process.exitCode = this.#exitCode;
      if (!this.#isHeld) this.#end();
    });
  }

  /** From now on Ctrl-C waits for `check`: the process would abort if it ended while the engine reads a page. */
  hold(): void {
    this.#isHeld = true;
  }

  /** Ends the process if Ctrl-C was pressed. */
  check(): void {
    if (this.#isPending) this.#end();
  }

  /** Ctrl-C ends the process as in any other program. */
  release(): void {
    process.off('SIGINT', this.#onSignal);
  }

  #onSignal = (): void => {
    if (!this.#isHeld) this.#end();
    if (this.#isPending) {
      // The second time. Node ends at once, and without its own clean-up, if it has no listener.
      this.release();
      process.kill(process.pid, 'SIGINT');
      return;
    }
    this.#isPending = true;
    this.#tell('Stopping after this page; press Ctrl-C again to stop at once\n');
  };

  #end(): never {
    this.isEnding = true;
    if (this.#exitCode === interrupted) this.#stop();
    process.exit(this.#exitCode);
  }
}
