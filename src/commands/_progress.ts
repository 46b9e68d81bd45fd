import { SingleBar, Presets } from 'cli-progress';

export interface Progress {
  tick(): void;
  /** Prints a text to stdout, above the bar. */
  print(text: string): void;
  end(): void;
}

/** A progress bar on stderr; nothing where that is no terminal. */
export function progressBar(total: number): Progress {
  const bar =
    process.stderr.isTTY && total > 1
      ? new SingleBar({ clearOnComplete: true, stream: process.stderr }, Presets.shades_classic)
      : undefined;
  bar?.start(total, 0);
  let done = 0;
  const clear = (): void => {
    if (bar !== undefined) process.stderr.write('\r\u001B[K');
  };
  return {
    tick: () => (done++, bar?.update(done)),
    print(text) {
      clear();
      process.stdout.write(`${text}\n`);
      bar?.render();
    },
    end: () => bar?.stop(),
  };
}
