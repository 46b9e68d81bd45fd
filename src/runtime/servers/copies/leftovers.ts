import { lstat, readdir, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import path from 'node:path';
import { isAbandoned } from '../../files/abandoned.js';
import type { Home } from '../../config/home.js';
import { setLeftoverPattern } from '../../authoring/convert/own-set.js';
import { partialFilePattern } from '../../models/download/partial-file.js';
import { checksumLeftoverPattern } from '../../models/checksum-note.js';
import { pointerLeftoverPattern } from '../../registry/store.js';
import { listUnreferenced } from '../../registry/unreferenced.js';
import { isAlive } from '../state/liveness.js';
import { listHashesInUse, removeUnusedCopies } from './copies-in-use.js';
import { outputLeftoverPattern } from '../spawn-server.js';
import { listStates } from '../state/state-file.js';
import { userConfigLeftoverPattern } from '../../config/user-config.js';

/** One thing that nothing needs any more. */
export interface Leftover {
  readonly kind: 'log' | 'state' | 'copy' | 'download' | 'cache' | 'temporary';
  readonly path: string;
  readonly files: number;
  readonly bytes: number;
}

/**
 * What may go: logs and state files of ports without a server, copies that no pointer and no server names, downloads
 * and temporary files that were broken off, and what can be found out again. What a server uses that runs, starts or
 * may just be starting is not in it.
 */
export async function findLeftovers(home: Home): Promise<Leftover[]> {
  const [ofServers, copies, downloads, cached, temporary] = await Promise.all([
    leftByServers(home),
    listUnreferenced(home, await listHashesInUse(home)),
    oldFiles(home.models, partialFilePattern),
    foundOutBefore(home),
    leftByWrites(home),
  ]);
  const found = [
    ...ofServers,
    ...copies.map((file) => ({ kind: 'copy' as const, file })),
    ...downloads.map((file) => ({ kind: 'download' as const, file })),
    ...cached.map((file) => ({ kind: 'cache' as const, file })),
    ...temporary.map((file) => ({ kind: 'temporary' as const, file })),
  ];
  return Promise.all(found.map(async ({ kind, file }) => ({ kind, path: file, ...(await measure(file)) })));
}

/** Removes what is still left over: somebody may have started a server while the user was asked. */
export async function removeLeftovers(home: Home, leftovers: readonly Leftover[]): Promise<void> {
  const now = new Set((await findLeftovers(home)).map((leftover) => leftover.path));
  for (const leftover of leftovers.filter(({ path }) => now.has(path)))
    await rm(leftover.path, { recursive: true, force: true });
  // Folders that held nothing else.
  await removeUnusedCopies(home);
}

/**
 * What was found out about this machine. A server finds it out again; while none runs it goes whatever its age is, so
 * that a new check can be had at once.
 */
async function foundOutBefore(home: Home): Promise<string[]> {
  const alive = await Promise.all((await listStates(home)).map((state) => isAlive(home, state)));
  if (alive.includes(true)) return oldFiles(home.cache, /\.json/);
  return (await readdir(home.cache).catch(() => [])).map((name) => path.join(home.cache, name));
}

type Found = Pick<Leftover, 'kind'> & { readonly file: string };

async function leftByServers(home: Home): Promise<Found[]> {
  const used = await usedPorts(home);
  const free = async (folder: string, names: RegExp, kind: Leftover['kind']): Promise<Found[]> => {
    const entries = await readdir(folder).catch(() => []);
    const old = entries.filter((name) => {
      const port = names.exec(name)?.[1];
      return port !== undefined && !used.has(Number(port));
    });
    return old.map((name) => ({ kind, file: path.join(folder, name) }));
  };
  return [
    ...(await free(home.logs, /^(\d+)\.(?:log|out)/, 'log')),
    ...(await free(home.serving, /^(\d+)\.(?:json|sock)/, 'state')),
  ];
}

/**
 * Ports whose files are in use: by a server that runs, by whatever listens there, or by a server that is starting. That
 * one binds its port and writes its state file when its modules are loaded; until then its log alone tells of it.
 */
async function usedPorts(home: Home): Promise<ReadonlySet<number>> {
  const states = await listStates(home);
  const alive = await Promise.all(states.map(async (state) => ((await isAlive(home, state)) ? [state.port] : [])));
  const logs = await namesByPort(home.logs);
  const ports = [...new Set([...logs, ...(await namesByPort(home.serving))].map(([port]) => port))];
  const listening = await Promise.all(ports.map(async (port) => ((await listens(port)) ? [port] : [])));
  const logging = logs.map(async ([port, name]) => ((await isAbandoned(path.join(home.logs, name))) ? [] : [port]));
  return new Set([...alive, ...listening, ...(await Promise.all(logging))].flat());
}

async function namesByPort(folder: string): Promise<[port: number, name: string][]> {
  const names = await readdir(folder).catch(() => []);
  return names.flatMap((name) => {
    const port = /^(\d+)\./.exec(name)?.[1];
    return port === undefined ? [] : [[Number(port), name] as [number, string]];
  });
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    if (port < 1 || port > 65535) {
      resolve(false);
      return;
    }
    const socket = connect({ port, host: '127.0.0.1', timeout: 1000 });
    const end = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
    // Somebody is there who is too busy to answer.
    socket.once('timeout', () => end(true));
  });
}

/** Temporary files of writes, and of starts, that were killed before their rename. */
async function leftByWrites(home: Home): Promise<string[]> {
  const [pointers, defaults, outputs, pins, sets] = await Promise.all([
    oldFiles(home.modules, pointerLeftoverPattern),
    oldFiles(path.dirname(home.userConfig), userConfigLeftoverPattern, false),
    oldFiles(home.logs, outputLeftoverPattern, false),
    oldFiles(home.models, checksumLeftoverPattern),
    oldFolders(home.models, setLeftoverPattern),
  ]);
  return [...pointers, ...defaults, ...outputs, ...pins, ...sets];
}

/** Files below a folder whose name matches and that are not being written now. */
async function oldFiles(folder: string, pattern: RegExp, recursive = true): Promise<string[]> {
  const entries = await readdir(folder, { recursive, withFileTypes: true }).catch(() => []);
  const files = entries
    .filter((entry) => !entry.isDirectory() && pattern.test(entry.name))
    .map((entry) => path.join(entry.parentPath, entry.name));
  const old = await Promise.all(files.map(isAbandoned));
  return files.filter((_, i) => old[i]);
}

/** Folders in a folder whose name matches and in which nothing is being written now. */
async function oldFolders(folder: string, pattern: RegExp): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const folders = entries
    .filter((entry) => entry.isDirectory() && pattern.test(entry.name))
    .map((entry) => path.join(folder, entry.name));
  const old = await Promise.all(folders.map(isAbandoned));
  return folders.filter((_, i) => old[i]);
}

async function measure(file: string): Promise<{ files: number; bytes: number }> {
  const info = await lstat(file).catch(() => undefined);
  if (info === undefined) return { files: 0, bytes: 0 };
  if (!info.isDirectory()) return { files: 1, bytes: info.size };
  const inside = await Promise.all((await readdir(file)).map((name) => measure(path.join(file, name))));
  return inside.reduce((sum, { files, bytes }) => ({ files: sum.files + files, bytes: sum.bytes + bytes }), {
    files: 0,
    bytes: 0,
  });
}
