import path from 'node:path';
import pino from 'pino';
import { createStream } from 'rotating-file-stream';
import type { Home } from '../settings.js';

export interface ServerLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** A log file is renamed to `<port>.log.1` when it reaches this size; so many old ones are kept. */
const maxSize = '10M';
const keptFiles = 5;

/**
 * The structured log of one port, a JSON object a line. Lines that cannot be written (the disk is full) are lost;
 * serving goes on.
 */
export function createLog(home: Home, port: number, alsoToStderr: boolean): ServerLog {
  const file = createStream(`${port}.log`, { path: home.logs, size: maxSize, rotate: keptFiles, mode: 0o600 });
  file.on('error', () => undefined);
  file.on('warning', () => undefined);
  const streams: pino.StreamEntry[] = [{ stream: file }];
  if (alsoToStderr) streams.push({ stream: process.stderr });
  return pino({ base: null, timestamp: pino.stdTimeFunctions.isoTime }, pino.multistream(streams));
}

export function logFile(home: Home, port: number): string {
  return path.join(home.logs, `${port}.log`);
}

/** Where a detached server's stdout and stderr go: what it printed before it died. */
export function outputFile(home: Home, port: number): string {
  return path.join(home.logs, `${port}.out`);
}
