import path from 'node:path';
import { Presets, SingleBar } from 'cli-progress';
import { formatBytes } from './_text.js';

export interface PictureBar {
  tick(): void;
  /** Prints a text to stdout, above the bar. */
  print(text: string): void;
  end(): void;
}

/** Starts a bar on stderr that counts pictures; draws nothing for a single picture or without a terminal. */
export function startPictureBar(total: number): PictureBar {
  const bar = process.stderr.isTTY && total > 1 ? createBar() : undefined;
  bar?.start(total, 0);
  let done = 0;
  return {
    tick: () => (done++, bar?.update(done)),
    print(text) {
      if (bar !== undefined) process.stderr.write(clearLine);
      process.stdout.write(`${text}\n`);
      bar?.render();
    },
    end: () => bar?.stop(),
  };
}

export interface DownloadBar {
  /** Shows how many bytes of a file have arrived; `total` is undefined if the server does not announce it. */
  show(file: string, received: number, total: number | undefined): void;
  end(): void;
}

/** A bar on stderr for the file being downloaded; draws nothing without a terminal. */
export function createDownloadBar(): DownloadBar {
  if (!process.stderr.isTTY) return { show: () => undefined, end: () => undefined };
  const bar = createBar('{file} [{bar}] {percentage}%  {received} of {size}');
  let current = '';
  return {
    show(file, received, total) {
      const payload = { file: path.basename(file), received: formatBytes(received), size: formatBytes(total) };
      // With an unknown total the bar stays empty; the text still counts the bytes.
      if (file !== current) bar.start(total ?? Number.MAX_SAFE_INTEGER, received, payload);
      current = file;
      bar.update(received, payload);
    },
    end: () => bar.stop(),
  };
}

const clearLine = '\r\u001B[K';

function createBar(format?: string): SingleBar {
  return new SingleBar(
    { clearOnComplete: true, stream: process.stderr, ...(format === undefined ? {} : { format }) },
    Presets.shades_classic,
  );
}
