import { closeSync, constants, fstatSync, openSync, readFileSync, type Stats } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { readToEnd, readToEndSync } from './read-to-end.js';

/*
 * How ocrhub reads files. A read of a pipe would wait for a writer, and one of a device may never end, so a path that leads to
 * anything but a regular file is refused. Links are followed; a loop of them is the system's error ELOOP.
 */

/**
 * Opens a regular file, for reading unless other flags are given. It does not wait.
 *
 * @throws the system's error, or an error that says what is there instead of a file
 */
export async function openRegularFile(file: string, flags = constants.O_RDONLY): Promise<FileHandle> {
  const handle = await open(file, flags | nonBlocking, 0o666);
  try {
    requireRegular(file, await handle.stat());
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** Reads a regular file. @throws as `openRegularFile` */
export async function readRegularBytes(file: string): Promise<Buffer> {
  const handle = await openRegularFile(file);
  try {
    return await readWhole(handle);
  } finally {
    await handle.close();
  }
}

/** @param maxUnknownBytes of a file that tells no size */
export async function readWhole(handle: FileHandle, maxUnknownBytes = maxTextBytes): Promise<Buffer> {
  const info = await handle.stat();
  return info.isFile() && info.size > 0 ? handle.readFile() : readToEnd(handle, maxUnknownBytes);
}

/**
 * Reads a regular file as UTF-8.
 *
 * @throws as `openRegularFile`, and an error that names the size of a file that is too large to be a text
 */
export async function readRegularFile(file: string): Promise<string> {
  const handle = await openRegularFile(file);
  try {
    requireText(file, await handle.stat());
    return (await readWhole(handle)).toString('utf8');
  } finally {
    await handle.close();
  }
}

/** Reads a regular file as UTF-8, for code that cannot wait. @throws as `openRegularFile` */
export function readRegularFileSync(file: string): string {
  const descriptor = openSync(file, constants.O_RDONLY | nonBlocking);
  try {
    const info = fstatSync(descriptor);
    requireRegular(file, info);
    requireText(file, info);
    return info.size > 0 ? readFileSync(descriptor, 'utf8') : readToEndSync(descriptor, maxTextBytes).toString('utf8');
  } finally {
    closeSync(descriptor);
  }
}

/** Opening a pipe must not wait. Windows lacks the flag, which counts as 0, and has no pipes among files. */
const nonBlocking = constants.O_NONBLOCK || 0;

function requireRegular(file: string, info: Stats): void {
  if (!info.isFile()) throw new NotRegularError(file, kindOf(info));
}

/** A list of a million files has 100 MB. A file without content can have any size. */
const maxTextBytes = 256 * 1024 ** 2;

function requireText(file: string, { size }: Stats): void {
  if (size > maxTextBytes) throw new Error(`${file} has ${size} bytes, more than the limit of ${maxTextBytes}`);
}

class NotRegularError extends Error {
  /** As for a folder that is opened as a file. */
  readonly code = 'EISDIR';

  constructor(file: string, kind: string) {
    super(`${file} is ${kind}, not a regular file`);
  }
}

function kindOf(info: Stats): string {
  if (info.isDirectory()) return 'a folder';
  if (info.isFIFO()) return 'a named pipe';
  return info.isSocket() ? 'a socket' : 'a device';
}
