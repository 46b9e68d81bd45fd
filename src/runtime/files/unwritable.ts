import path from 'node:path';
import { OcrHubError } from '../errors/error.js';
import { isWithin } from './within.js';

/**
 * Maps EACCES, EROFS, ENOSPC, EIO ... on a package folder to `folder_unwritable`; returns other errors unchanged.
 *
 * @param staging the folder that is written first and renamed to `folder`
 */
export function toUnwritable(folder: string, error: unknown, staging = folder): unknown {
  const place = unwritablePlace(error, staging);
  const isOurs = [folder, staging].some((own) => place !== undefined && (isWithin(own, place) || isWithin(place, own)));
  if (!isOurs) return error;
  return new OcrHubError('folder_unwritable', { folder, problem: (error as Error).message }, { cause: error });
}

/** The error `folder_unwritable` for a call that writes and has failed because of the disk; undefined for every other error. */
export function toWritingError(error: unknown): OcrHubError | undefined {
  const { syscall = '', code = '', path: given, dest } = error as Partial<NodeJS.ErrnoException & { dest: string }>;
  const isWriting =
    writingCalls.has(syscall) ||
    openFileCalls.has(syscall) ||
    (syscall === 'open' && writingCodes.has(code)) ||
    // See `namingCopy`.
    (syscall === 'copyfile' && given === dest);
  const place = given === undefined ? undefined : unwritablePlace(error, given);
  if (!isWriting || place === undefined) return undefined;
  const details = { folder: path.dirname(place), problem: (error as Error).message };
  return new OcrHubError('folder_unwritable', details, { cause: error });
}

/** Files are opened for reading too, but then these do not occur. */
const writingCodes = new Set(['ENOSPC', 'EDQUOT', 'EROFS']);

const writingCalls = new Set(['mkdir', 'mkdtemp', 'rename', 'link', 'symlink', 'unlink', 'rmdir', 'rm']);

/** Calls that change an open file. The system says no path when they fail. */
const openFileCalls = new Set(['write', 'fsync', 'fdatasync', 'ftruncate']);

/** For `catch`: gives the error of a call with an open file the path that the system does not say. */
export function naming(file: string): (error: unknown) => never {
  return (error) => {
    const { path: place, syscall = '' } = error as Partial<NodeJS.ErrnoException>;
    throw place === undefined && openFileCalls.has(syscall) ? Object.assign(error as Error, { path: file }) : error;
  };
}

/**
 * The path that the system could not write; undefined if the error has another reason.
 *
 * @param fallback returned if the error has no path (a disk that filled up or broke while a file was open)
 */
export function unwritablePlace(error: unknown, fallback: string): string | undefined {
  // A socket that cannot be opened has its path as `address`.
  const {
    code = '',
    syscall = '',
    address,
    path: place = address,
    dest,
  } = error as Partial<NodeJS.ErrnoException & { dest: string; address: string }>;
  // A copy to a full disk has its source as `path` and its target as `dest`, and a symbolic link has what it is to hold as `path`.
  const named = targetCodes.has(code) || syscall === 'symlink' ? (dest ?? place) : place;
  if (targetCodes.has(code)) return named ?? fallback;
  return placeCodes.has(code) ? (named ?? (openFileCalls.has(syscall) ? fallback : undefined)) : undefined;
}

/** The disk is full or read-only, or a limit of the user's space or of a file's size is reached. */
const targetCodes = new Set(['ENOSPC', 'EDQUOT', 'EFBIG', 'EROFS']);
/** No permission, a path that leads nowhere or to a folder, a broken disk, or the system has no more files to open. */
const placeCodes = new Set([
  'EACCES',
  'EPERM',
  'ENOTDIR',
  'EISDIR',
  'ELOOP',
  'ENAMETOOLONG',
  'EIO',
  'EMFILE',
  'ENFILE',
]);
