import path from 'node:path';
import type { Home } from '../config/home.js';

/** The log file of the server on a port. */
export function logFile(home: Home, port: number): string {
  return path.join(home.logs, `${port}.log`);
}
