import { readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { OcrHubError } from '../../errors/error.js';
import { writeFileAtomic } from '../../files/write-atomic.js';
import { askServer, controlAddress } from '../control/control.js';
import type { Home } from '../../config/home.js';
import { isAlive } from './liveness.js';
import { toState, type ServerState } from './server-state.js';

export async function writeState(home: Home, state: ServerState): Promise<void> {
  // A machine that lost its power has no server of which the file could tell.
  const how = { mode: 0o600, fsync: false };
  await writeFileAtomic(stateFile(home, state.port), `${JSON.stringify(state, null, 2)}\n`, how);
}

/**
 * Writes down that a server serves something else now. Where that fails the old file goes: without one the server is asked,
 * and an old one would be believed by whoever removes the copies that no server uses.
 */
export async function replaceState(home: Home, state: ServerState): Promise<void> {
  await writeState(home, state).catch(async (error: unknown) => {
    await rm(stateFile(home, state.port), { force: true });
    throw error;
  });
}

/**
 * The state of a port's server, by its file. Where that is gone or cannot be read the server is asked, if there is one:
 * nobody could stop it otherwise. Undefined when there is neither.
 */
export async function readState(home: Home, port: number): Promise<ServerState | undefined> {
  return (
    (await readStateFile(home, port)) ?? (await askServer(home, { port }, { action: 'tell' }).catch(() => undefined))
  );
}

/** Undefined where the file is gone or cannot be read, whether or not there is a server. */
export async function readStateFile(home: Home, port: number): Promise<ServerState | undefined> {
  try {
    return toState(JSON.parse(await readFile(stateFile(home, port), 'utf8')), port);
  } catch {
    return undefined;
  }
}

/** @throws OcrHubError `server_not_found`, with the ports that have a server */
export async function requireState(home: Home, port: number): Promise<ServerState> {
  const state = await readState(home, port);
  if (state !== undefined) return state;
  const others = await listStates(home);
  const alive = await Promise.all(others.map((other) => isAlive(home, other)));
  const ports = others.filter((_, i) => alive[i]).map((other) => other.port);
  throw new OcrHubError('server_not_found', { port, ports });
}

/** Every server that left a state file, a socket or a log, by port; whether it still runs is another question. */
export async function listStates(home: Home): Promise<ServerState[]> {
  // With a long home folder, and on Windows, a lost state file leaves nothing beside it: the socket is elsewhere.
  const files = await Promise.all([home.serving, home.logs].map((folder) => readdir(folder).catch(() => [])));
  const ports = new Set(
    files
      .flat()
      .flatMap((file) => /^(\d+)\./.exec(file)?.[1] ?? [])
      .map(Number),
  );
  const states = await Promise.all([...ports].sort((a, b) => a - b).map((port) => readState(home, port)));
  return states.filter((state) => state !== undefined);
}

/** Removes what a server left of itself, but not what belongs to a server which took the port since. */
export async function removeState(
  home: Home,
  { port, instance }: Pick<ServerState, 'port' | 'instance'>,
): Promise<void> {
  const current = await readState(home, port);
  if (current !== undefined && current.instance !== instance) return;
  await rm(stateFile(home, port), { force: true });
  if (process.platform !== 'win32') await rm(current?.control ?? controlAddress(home, port), { force: true });
}

function stateFile(home: Home, port: number): string {
  return path.join(home.serving, `${port}.json`);
}
