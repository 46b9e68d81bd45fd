import type { Readable } from 'node:stream';

/** Calls back for each line. One without an end, which `readline` would keep until there is one, comes in pieces. */
export function readPrintedLines(stream: Readable, each: (line: string) => void): void {
  let unfinished = '';
  const give = (line: string): void => {
    for (let at = 0; at === 0 || at < line.length; at += longest) each(line.slice(at, at + longest));
  };
  stream.setEncoding('utf8').on('data', (text: string) => {
    // A carriage return that comes last may be the first half of a line end.
    const lines = (unfinished + text).split(/\r?\n|\r(?!$)/);
    unfinished = lines.pop() ?? '';
    lines.forEach(give);
    for (; unfinished.length > longest; unfinished = unfinished.slice(longest)) each(unfinished.slice(0, longest));
  });
  stream.once('end', () => {
    if (unfinished !== '') give(unfinished.replace(/\r$/, ''));
  });
}

/** Characters. */
const longest = 64 * 1024;
