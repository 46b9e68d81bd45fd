import path from 'node:path';
import { Presets, SingleBar } from 'cli-progress';
import { formatBytes, formatCount, formatDuration } from './_text.js';
import { printable } from './_printable.js';

export interface FileBar {
  /** Shows how many pages of the file in work are read. */
  page(done: number, total: number): void;
  /** Counts a file with its pages as done. */
  tick(pages: number): void;
  /** Prints a text to stdout, above the bar. */
  print(text: string | Uint8Array): void;
  /** Prints a text to stderr, above the bar. */
  note(text: string): void;
  end(): void;
}

/**
 * Starts a bar on stderr that counts files and pages, with pages a second and the time left. Draws nothing without a
 * terminal, and nothing for a single file of one page.
 */
export function startFileBar(total: number): FileBar {
  const bar = process.stderr.isTTY
    ? createBar('[{bar}] {percentage}%  {count}  {rate} pages/s  {left} left')
    : undefined;
  const start = performance.now();
  let isDrawn = false;
  let files = 0;
  let pages = 0;
  const show = (pagesInWork: number, pagesOfFile: number): void => {
    if (bar === undefined) return;
    const done = files + (pagesOfFile === 0 ? 0 : pagesInWork / pagesOfFile);
    const seconds = (performance.now() - start) / 1000;
    const payload = {
      count: `${files}/${formatCount(total, 'file')}${pagesOfFile > 1 ? `, page ${pagesInWork + 1}/${pagesOfFile}` : ''}`,
      rate: ((pages + pagesInWork) / seconds).toFixed(1),
      left: done === 0 ? '?' : formatDuration((seconds / done) * (total - done)),
    };
    if (isDrawn) bar.update(done, payload);
    else bar.start(total, done, payload);
    isDrawn = true;
  };
  const above = (stream: NodeJS.WriteStream, text: string | Uint8Array): void => {
    if (isDrawn) process.stderr.write(clearLine);
    stream.write(text);
    if (isDrawn) bar?.render();
  };
  if (total > 1) show(0, 0);
  return {
    page: (done, of) => {
      if (isDrawn || of > 1) show(done, of);
    },
    tick: (count) => {
      files++;
      pages += count;
      if (isDrawn) show(0, 0);
    },
    print: (text) => above(process.stdout, text),
    note: (text) => above(process.stderr, text),
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
      const payload = {
        file: printable(path.basename(file)),
        received: formatBytes(received),
        size: formatBytes(total),
      };
      // With an unknown total the bar stays empty; the text still counts the bytes.
      if (file !== current) bar.start(total ?? Number.MAX_SAFE_INTEGER, received, payload);
      current = file;
      bar.update(received, payload);
    },
    end: () => bar.stop(),
  };
}

const clearLine = '\r\u001B[K';

export function createBar(format?: string): SingleBar {
  return new SingleBar(
    { clearOnComplete: true, stream: process.stderr, ...(format === undefined ? {} : { format }) },
    Presets.shades_classic,
  );
}
