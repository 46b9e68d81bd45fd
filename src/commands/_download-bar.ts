import path from 'node:path';
import { Presets, SingleBar } from 'cli-progress';
import { bytesText } from './_bytes.js';

export interface DownloadBar {
  show(file: string, received: number, total: number | undefined): void;
  end(): void;
}

/** A bar for the file that is coming, on stderr; nothing where that is no terminal. */
export function downloadBar(): DownloadBar {
  if (!process.stderr.isTTY) return { show: () => undefined, end: () => undefined };
  const format = '{file} [{bar}] {percentage}%  {received} of {size}';
  const bar = new SingleBar({ clearOnComplete: true, stream: process.stderr, format }, Presets.shades_classic);
  let current = '';
  return {
    show(file, received, total) {
      const payload = { file: path.basename(file), received: bytesText(received), size: bytesText(total) };
      // Without an announced size the bar stays empty, and only the count moves.
      if (file !== current) bar.start(total ?? Number.MAX_SAFE_INTEGER, received, payload);
      current = file;
      bar.update(received, payload);
    },
    end: () => bar.stop(),
  };
}
