import type { Readable } from 'node:stream';

/** In characters. */
const maxLineLength = 64 * 1024;

/**
 * Calls `onLine` for each line of a stream. A longer line than 64 Ki characters comes in pieces; `readline` would keep all
 * of it until its end.
 */
export function readOutputLines(stream: Readable, onLine: (line: string) => void): void {
  let unfinished = '';
  const emit = (line: string): void => {
    for (let at = 0; at === 0 || at < line.length; at += maxLineLength) onLine(line.slice(at, at + maxLineLength));
  };
  stream.setEncoding('utf8').on('data', (text: string) => {
    // A carriage return at the end may be the first half of a line end.
    const lines = (unfinished + text).split(/\r?\n|\r(?!$)/);
    unfinished = lines.pop() ?? '';
    lines.forEach(emit);
    while (unfinished.length > maxLineLength) {
      onLine(unfinished.slice(0, maxLineLength));
      unfinished = unfinished.slice(maxLineLength);
    }
  });
  stream.once('end', () => {
    if (unfinished !== '') emit(unfinished.replace(/\r$/, ''));
  });
}
