import path from 'node:path';
import type { ServerState } from '../../src/runtime/servers/state/server-state.js';

/** The content of a state file, with defaults for all values that are not given. */
export function serverState(values: Partial<ServerState> & { grace?: number } = {}): ServerState {
  const { grace = 30, ...own } = values;
  return {
    pid: process.pid,
    startTime: 0,
    instance: 'a',
    port: 9400,
    host: '127.0.0.1',
    startedAt: new Date().toISOString(),
    tokenRequired: false,
    foreground: false,
    version: '0.1.0',
    logFile: '',
    control: path.join('/nowhere', '9400.sock'),
    options: { basePath: '', startedIn: '/', grace, modules: [] },
    ...own,
  };
}
