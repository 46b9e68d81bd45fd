import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ifMissing } from '../../files/missing.js';
import { readRegularFile } from '../../files/read-regular.js';
import { writeFileAtomic } from '../../files/write-atomic.js';
import type { Home } from '../../config/home.js';
import { toState, type ServerState } from './server-state.js';

/**
 * The state of the server on a port, from its file alone. Undefined if the file is missing or damaged.
 *
 * @throws the system's error if this user may not read it: then there is a server, perhaps
 */
export async function readStateFile(home: Home, port: number): Promise<ServerState | undefined> {
  try {
    return toState(JSON.parse(await readRegularFile(stateFile(home, port))), port);
  } catch (error) {
    return ifMissing<ServerState | undefined>(undefined)(error);
  }
}

export async function writeStateFile(home: Home, state: ServerState): Promise<void> {
  // No fsync: after a power loss the server is gone anyway.
  await writeFileAtomic(stateFile(home, state.port), toText(state), { mode: 0o600, fsync: false });
}

/** Writes a file that was removed. Leaves one that is there, which may be another server's. */
export async function restoreStateFile(home: Home, state: ServerState): Promise<void> {
  // Who reads a part of it asks the server itself.
  await writeFile(stateFile(home, state.port), toText(state), { mode: 0o600, flag: 'wx' }).catch(
    async (error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return;
      // A part of it on a full disk would be taken for a file that is there.
      await removeStateFile(home, state.port);
      throw error;
    },
  );
}

/**
 * Replaces the file after a reload. Removes it if that fails: without a file commands ask the server itself, but an
 * outdated file could lead them to delete copies of modules that the server uses.
 */
export async function replaceStateFile(home: Home, state: ServerState): Promise<void> {
  try {
    await writeStateFile(home, state);
  } catch (error) {
    await removeStateFile(home, state.port);
    throw error;
  }
}

export async function removeStateFile(home: Home, port: number): Promise<void> {
  await rm(stateFile(home, port), { force: true });
}

export function stateFile(home: Home, port: number): string {
  return path.join(home.serving, `${port}.json`);
}

function toText(state: ServerState): string {
  return `${JSON.stringify(state, null, 2)}\n`;
}
