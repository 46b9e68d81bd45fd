import path from 'node:path';
import type { ServerState } from '../../src/runtime/servers/state/server-state.js';

/** A server's state as a file keeps it, with the values that matter to a test. */
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
    options: { startedIn: '/', grace, modules: [] },
    ...own,
  } as unknown as ServerState;
}
