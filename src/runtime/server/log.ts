import pino from 'pino';
import { createStream, type RotatingFileStream } from 'rotating-file-stream';
import type { Home } from '../config/home.js';
import { LogStream } from './log-stream.js';

export interface ServerLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** A log file is renamed to `<port>.log.1` when it reaches this size; so many old ones are kept. */
const maxSize = '10M';
const keptFiles = 5;

/**
 * The structured log of one port, a JSON object a line. Lines that cannot be written are lost, and counted; serving
 * goes on, and so does the log when there is room again.
 */
export function createLog(home: Home, port: number, alsoToStderr: boolean): ServerLog {
  const streams: pino.StreamEntry[] = [{ stream: new LogStream(() => openLogFile(home, port)) }];
  if (alsoToStderr) {
    // Whoever reads it may go away first (`| tee`); the file has the lines.
    process.stderr.on('error', () => undefined);
    streams.push({ stream: process.stderr });
  }
  return pino({ base: null, timestamp: pino.stdTimeFunctions.isoTime }, pino.multistream(streams));
}

function openLogFile(home: Home, port: number): RotatingFileStream {
  const stream = createStream(`${port}.log`, { path: home.logs, size: maxSize, rotate: keptFiles, mode: 0o600 });
  stream.on('warning', () => undefined);
  return stream;
}
