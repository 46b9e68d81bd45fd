import { statSync } from 'node:fs';
import path from 'node:path';
import pino from 'pino';
import { createStream } from 'rotating-file-stream';
import { logFile } from '../servers/log-file.js';
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
  const file = openLog(home, port);
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

/** The stream of the log file. If the file or its folder was moved or deleted, the next line but a second later makes a new one. */
function openLog(home: Home, port: number): LogStream {
  const place = logFile(home, port);
  const inode = (): number | undefined => {
    try {
      return statSync(place, { throwIfNoEntry: false })?.ino;
    } catch {
      // A folder on the way that may not be read: a new file could not be opened either.
      return opened;
    }
  };
  /** Of the open file; undefined while it is opened or rotated. */
  let opened: number | undefined;
  return new LogStream(
    () => {
      const stream = createStream(path.basename(place), {
        path: home.logs,
        size: maxSize,
        rotate: maxFiles,
        mode: 0o600,
      });
      stream.on('warning', () => undefined);
      opened = undefined;
      stream.on('open', () => {
        if (stream.writableEnded) return;
        opened = inode();
      });
      stream.on('rotation', () => (opened = undefined));
      return stream;
    },
    undefined,
    () => opened !== undefined && inode() !== opened,
  );
}
