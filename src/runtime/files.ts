import { constants, mkdir, open, stat } from 'node:fs/promises';
import path from 'node:path';
import writeFile from 'write-file-atomic';

interface HowToWrite {
  readonly mode?: number;
  /** Left out: true. Without it the file may be empty after the machine has lost its power. */
  readonly fsync?: boolean;
}

/** Writes a whole file or leaves the old one: into a temporary file beside it, flushed, then renamed. */
export async function writeFileAtomic(file: string, content: string | Buffer, how: HowToWrite = {}): Promise<void> {
  await writeFile(file, content, how);
}

/**
 * The text of a regular file. A pipe in its place, at which reading would wait for whoever writes, is refused like a
 * folder, a socket or a device.
 *
 * @throws the system's error, or one that says that it is no regular file
 */
export async function readRegularFile(file: string): Promise<string> {
  // Windows has no such flag, which counts as 0, and no pipes among its files.
  const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    if (!(await handle.stat()).isFile()) throw new Error(`${file} is no regular file`);
    return await handle.readFile('utf8');
  } finally {
    await handle.close();
  }
}

/**
 * Makes a folder and those above it that are missing. As mkdir of Node with `recursive`, which however tries for ever
 * where the folder above is there and none can be made in it (/proc on Linux, whose answer is ENOENT).
 */
export async function makeFolder(folder: string, mode = 0o777): Promise<void> {
  const above = path.dirname(folder);
  for (let attempt = 1; ; attempt++) {
    try {
      await mkdir(folder, mode);
      return;
    } catch (error) {
      const there = await stat(folder).catch(() => undefined);
      if (there?.isDirectory() === true) return;
      // Somebody removed the folder above, or this one since mkdir found it.
      const mayPass =
        there === undefined && ['ENOENT', 'EEXIST'].includes(String((error as NodeJS.ErrnoException).code));
      if (!mayPass || above === folder || attempt > patience) throw error;
    }
    await makeFolder(above, mode);
  }
}

/** A clean-up by another process removes a folder that is still empty; it does so once or twice, not for ever. */
const patience = 5;

/**
 * The place where nothing can be written, if that is what an error of the system says. A full disk has none to tell once
 * a file is open; then it is `known`.
 */
export function unwritablePlace(error: unknown, known: string): string | undefined {
  const { code = '', path: place, dest } = error as Partial<NodeJS.ErrnoException & { dest: string }>;
  // What is copied to a full disk is named before the place that it is copied to.
  if (full.has(code)) return dest ?? place ?? known;
  return unwritable.has(code) ? place : undefined;
}

const full = new Set(['ENOSPC', 'EDQUOT']);
const unwritable = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOTDIR']);

export function isWithin(folder: string, file: string): boolean {
  const way = path.relative(folder, path.resolve(file));
  return !path.isAbsolute(way) && way.split(path.sep)[0] !== '..';
}
