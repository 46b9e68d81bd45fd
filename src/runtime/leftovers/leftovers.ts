import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { setLeftoverPattern } from '../authoring/convert/user-set.js';
import type { Home } from '../config/home.js';
import { userConfigLeftoverPattern } from '../config/user-config.js';
import { FolderStore } from '../jobs/folder-store.js';
import { checksumLeftoverPattern } from '../models/checksum-note.js';
import { partialFilePattern } from '../models/download/partial-file.js';
import { optionTable } from '../options/option-table.js';
import { pointerLeftoverPattern } from '../registry/pointer.js';
import { listUnreferenced } from '../registry/unreferenced.js';
import { listHashesInUse, removeUnusedCopies } from '../servers/copies/copies-in-use.js';
import { outputLeftoverPattern } from '../servers/spawn-server.js';
import { listStates } from '../servers/state/find.js';
import { isAlive } from '../servers/state/liveness.js';
import { abandonedFiles, abandonedFolders, measure } from './entries.js';
import { listUsedPorts } from './used-ports.js';
import { ifMissing } from '../files/missing.js';

/** A file or folder in the home folder that nothing needs any more. */
export interface Leftover {
  readonly kind: 'log' | 'state' | 'copy' | 'download' | 'cache' | 'job' | 'temporary';
  readonly path: string;
  readonly files: number;
  readonly bytes: number;
}

type Found = Pick<Leftover, 'kind' | 'path'>;

/**
 * Finds what `ocrhub clear` may remove: logs and state files of ports without a server, copies that no install and no
 * server uses, interrupted downloads, temporary files, expired jobs and the cache. Leaves out everything that a running or starting server
 * may use.
 */
export async function findLeftovers(home: Home): Promise<Leftover[]> {
  const inUse = await listHashesInUse(home);
  const found = await Promise.all([
    findServerFiles(home),
    asKind('copy', listUnreferenced(home, inUse)),
    asKind('download', abandonedFiles(home.models, partialFilePattern)),
    asKind('cache', findCache(home)),
    asKind('job', findJobs(home)),
    asKind('temporary', findTemporary(home)),
  ]);
  return Promise.all(found.flat().map(async (item) => ({ ...item, ...(await measure(item.path)) })));
}

/** Removes leftovers, except those that are in use by now: a server may have started since they were found. */
export async function removeLeftovers(home: Home, leftovers: readonly Leftover[]): Promise<void> {
  const current = new Set((await findLeftovers(home)).map((leftover) => leftover.path));
  for (const leftover of leftovers) {
    if (current.has(leftover.path)) await rm(leftover.path, { recursive: true, force: true });
  }
  // Also removes the folders that are empty now.
  await removeUnusedCopies(home);
}

async function asKind(kind: Leftover['kind'], paths: Promise<readonly string[]>): Promise<Found[]> {
  return (await paths).map((file) => ({ kind, path: file }));
}

async function findServerFiles(home: Home): Promise<Found[]> {
  const used = await listUsedPorts(home);
  const filesOfFreePorts = async (folder: string, pattern: RegExp): Promise<string[]> => {
    const names = await readdir(folder).catch(ifMissing<string[]>([]));
    const unused = names.filter((name) => {
      const port = pattern.exec(name)?.[1];
      return port !== undefined && !used.has(Number(port));
    });
    return unused.map((name) => path.join(folder, name));
  };
  const [logs, states] = await Promise.all([
    asKind('log', filesOfFreePorts(home.logs, /^(\d+)\.(?:log|out)/)),
    asKind('state', filesOfFreePorts(home.serving, /^(\d+)\.(?:json|sock)/)),
  ]);
  return [...logs, ...states];
}

/** While no server runs, the whole cache: the next start computes it again. Otherwise its old files. */
async function findCache(home: Home): Promise<string[]> {
  if (await hasServer(home)) return abandonedFiles(home.cache, /\.json/);
  return (await readdir(home.cache).catch(ifMissing<string[]>([]))).map((name) => path.join(home.cache, name));
}

/**
 * While no server runs, the jobs and uploaded files that are older than the default of `--keep_jobs`, and what a killed server
 * left of others. A running server removes them itself, after its own time.
 */
async function findJobs(home: Home): Promise<string[]> {
  if (await hasServer(home)) return [];
  const { keep_jobs, max_jobs, max_jobs_size } = optionTable;
  const keepMs = keep_jobs.setting.parse(undefined) * 1000;
  const limits = { maxItems: max_jobs.setting.parse(undefined), maxBytes: max_jobs_size.setting.parse(undefined) };
  return new FolderStore(home.jobs, { keepMs, ...limits }).outdated();
}

async function hasServer(home: Home): Promise<boolean> {
  const alive = await Promise.all((await listStates(home)).map((state) => isAlive(home, state)));
  return alive.includes(true);
}

/** Temporary files of writes and starts that were killed. */
async function findTemporary(home: Home): Promise<string[]> {
  const found = await Promise.all([
    abandonedFiles(home.modules, pointerLeftoverPattern),
    abandonedFiles(path.dirname(home.userConfig), userConfigLeftoverPattern, false),
    abandonedFiles(home.logs, outputLeftoverPattern, false),
    abandonedFiles(home.models, checksumLeftoverPattern),
    abandonedFolders(home.models, setLeftoverPattern),
  ]);
  return found.flat();
}
