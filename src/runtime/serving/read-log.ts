import { open, stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { OcrHubError } from '../errors.js';
import type { Home } from '../settings.js';
import { logFile } from './log.js';

/** How often a followed log is looked at. Milliseconds. */
const pollInterval = 300;

/** How far from its end a log is read for its last lines: far more than a screen. Bytes. */
const tailBytes = 4 * 1024 * 1024;

/**
 * The last lines of a port's log.
 *
 * @throws OcrHubError `log_not_found`
 */
export async function lastLogLines(home: Home, port: number, count: number): Promise<string[]> {
  const file = logFile(home, port);
  const size = await sizeOf(file);
  if (size === undefined) throw new OcrHubError('log_not_found', { file, port });
  const from = Math.max(0, size - tailBytes);
  const lines = (await readFrom(file, from)).split('\n').filter((line) => line !== '');
  // Reading began within a line, unless it began at the top.
  return (from > 0 ? lines.slice(1) : lines).slice(count === 0 ? lines.length : -count);
}

/** Lines as they are written from now on, also after the file has been rotated; ends with the signal. */
export async function* followLog(home: Home, port: number, signal: AbortSignal): AsyncGenerator<string> {
  const file = logFile(home, port);
  let position = (await sizeOf(file)) ?? 0;
  let rest = '';
  while (!signal.aborted) {
    const size = (await sizeOf(file)) ?? 0;
    // A shorter file is a new one.
    if (size < position) position = 0;
    if (size > position) {
      const text = rest + (await readFrom(file, position));
      position = size;
      const lines = text.split('\n');
      rest = lines.pop() ?? '';
      yield* lines;
    }
    await sleep(pollInterval, undefined, { signal }).catch(() => undefined);
  }
}

async function sizeOf(file: string): Promise<number | undefined> {
  return (await stat(file).catch(() => undefined))?.size;
}

async function readFrom(file: string, position: number): Promise<string> {
  const handle = await open(file);
  try {
    const { size } = await handle.stat();
    const { buffer } = await handle.read(Buffer.alloc(Math.max(0, size - position)), 0, undefined, position);
    return buffer.toString('utf8');
  } finally {
    await handle.close();
  }
}
