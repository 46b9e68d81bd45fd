import { readlink, rename, rm, symlink } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { ifMissing } from '../files/missing.js';
import { isRunning, processBirth } from '../process/birth.js';

/** What is done under a lock takes milliseconds; a process that holds one for so long was stopped or hangs. */
const maxHoldMs = 30_000;

/**
 * Does something to a file while no other process of this machine does something under its lock. The lock is a symbolic link beside
 * the file that names its holder, because a link gets its name and its content in one step. The lock of a process that has ended is
 * taken over. Where there are no links, nothing is locked.
 */
export async function withLock<T>(file: string, act: () => T | Promise<T>): Promise<T> {
  const lock = `${file}.lock`;
  const own = `${process.pid} ${(await processBirth(process.pid)) ?? ''}`;
  let waitsFor = '';
  let deadline = Infinity;
  while (!(await taken(lock, own))) {
    const holder = (await holderOf(lock)) ?? '';
    if (holder !== waitsFor) {
      waitsFor = holder;
      deadline = performance.now() + maxHoldMs;
    }
    if (performance.now() > deadline || (await hasEnded(holder))) await putAside(lock, holder);
    else await sleep(10);
  }
  try {
    return await act();
  } finally {
    if ((await holderOf(lock)) === own) await rm(lock, { force: true });
  }
}

/** False if another process has the lock. */
async function taken(lock: string, own: string): Promise<boolean> {
  try {
    await symlink(own, lock);
    return true;
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    if (linkless.has(code)) return true;
    throw error;
  }
}

/** How systems refuse symbolic links that have none, or that allow them to administrators alone. */
const linkless = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']);

/** Undefined if nobody has the lock. */
function holderOf(lock: string): Promise<string | undefined> {
  return readlink(lock).catch(ifMissing(undefined));
}

async function hasEnded(holder: string): Promise<boolean> {
  const [pid = '', ...birth] = holder.split(' ');
  return !(await isRunning(Number(pid))) || ((await processBirth(Number(pid))) ?? '') !== birth.join(' ');
}

/** Of several processes that find the lock of an ended one, one removes it. */
async function putAside(lock: string, holder: string): Promise<void> {
  const aside = `${lock}.${process.pid}`;
  await rename(lock, aside).catch(ifMissing(undefined));
  const moved = await holderOf(aside);
  // Another process was faster, and this is its lock: it goes back.
  if (moved !== undefined && moved !== holder) await taken(lock, moved);
  await rm(aside, { force: true });
}
