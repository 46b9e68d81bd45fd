import pino from 'pino';
import { createStream, type RotatingFileStream } from 'rotating-file-stream';
import type { Home } from '../config/home.js';
import { LogStream } from './log-stream.js';

export interface ServerLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** At this size a log file is renamed to `<port>.log.1`. */
const maxSize = '10M';

/** How many renamed files are kept. */
const maxFiles = 5;

/**
 * The log of the server on a port: one JSON object a line. Lines that cannot be written are counted and dropped; the server
 * continues, and so does the log once there is space again.
 */
export function createLog(home: Home, port: number, alsoToStderr: boolean): ServerLog {
  const streams: pino.StreamEntry[] = [{ stream: new LogStream(() => openLogFile(home, port)) }];
  if (alsoToStderr) {
    // The reader of stderr may exit first (`| tee`); the file has all lines.
    process.stderr.on('error', () => undefined);
    streams.push({ stream: process.stderr });
  }
  return pino({ base: null, timestamp: pino.stdTimeFunctions.isoTime }, pino.multistream(streams));
}

function openLogFile(home: Home, port: number): RotatingFileStream {
  const stream = createStream(`${port}.log`, { path: home.logs, size: maxSize, rotate: maxFiles, mode: 0o600 });
  stream.on('warning', () => undefined);
  return stream;
}
