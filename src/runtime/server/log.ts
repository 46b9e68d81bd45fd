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
  const file = new LogStream(() => openLogFile(home, port));
  const streams: pino.StreamEntry[] = [{ stream: { write: (line) => file.write(escaped(line)) } }];
  if (alsoToStderr) {
    // The reader of stderr may exit first (`| tee`); the file has all lines.
    process.stderr.on('error', () => undefined);
    streams.push({ stream: { write: (line) => void process.stderr.write(escaped(line)) } });
  }
  return pino({ base: null, timestamp: pino.stdTimeFunctions.isoTime }, pino.multistream(streams));
}

/** JSON leaves these characters as they are, and a terminal takes them as commands: U+009B begins a sequence as ESC [ does. */
function escaped(line: string): string {
  return line.replaceAll(/[\u007f-\u009f]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

function openLogFile(home: Home, port: number): RotatingFileStream {
  const stream = createStream(`${port}.log`, { path: home.logs, size: maxSize, rotate: maxFiles, mode: 0o600 });
  stream.on('warning', () => undefined);
  return stream;
}
