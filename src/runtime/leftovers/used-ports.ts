import { readdir } from 'node:fs/promises';
import { connect } from 'node:net';
import path from 'node:path';
import type { Home } from '../config/home.js';
import { isAbandoned } from '../files/abandoned.js';
import { listStates } from '../servers/state/find.js';
import { isAlive } from '../servers/state/liveness.js';
import { ifMissing } from '../files/missing.js';

const connectTimeoutMs = 1000;

/**
 * The ports whose files may be in use: a server runs, some program listens, or a server is starting. A starting server has
 * only a log that was modified recently; it binds its port and writes its state file when its modules are loaded.
 */
export async function listUsedPorts(home: Home): Promise<ReadonlySet<number>> {
  const states = await listStates(home);
  const logs = await listNamesByPort(home.logs);
  const ports = [...new Set([...logs, ...(await listNamesByPort(home.serving))].map(({ port }) => port))];
  const used = await Promise.all([
    ...states.map(async (state) => ((await isAlive(home, state)) ? [state.port] : [])),
    ...ports.map(async (port) => ((await isListening(port)) ? [port] : [])),
    ...logs.map(async ({ port, name }) => ((await isAbandoned(path.join(home.logs, name))) ? [] : [port])),
  ]);
  return new Set(used.flat());
}

async function listNamesByPort(folder: string): Promise<{ port: number; name: string }[]> {
  const names = await readdir(folder).catch(ifMissing<string[]>([]));
  return names.flatMap((name) => {
    const port = /^(\d+)\./.exec(name)?.[1];
    return port === undefined ? [] : [{ port: Number(port), name }];
  });
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    if (port < 1 || port > 65535) {
      resolve(false);
      return;
    }
    const socket = connect({ port, host: '127.0.0.1', timeout: connectTimeoutMs });
    const finish = (listens: boolean): void => {
      socket.destroy();
      resolve(listens);
    };
    socket.once('connect', () => finish(true));
    socket.once('error', () => finish(false));
    // A program that is too busy to accept the connection.
    socket.once('timeout', () => finish(true));
  });
}
