import { existsSync } from 'node:fs';
import path from 'node:path';

/** The copy that a module runs from, and the folder from which it was made. */
export interface CopiedFolder {
  readonly copy: string;
  readonly source: string;
}

/**
 * Puts the author's paths into the message and the stack of an error, in place of those in the copy. If a file is missing in the
 * copy alone, the message says so, because the author can open it. Returns other values unchanged.
 */
export function withAuthorsPaths(error: unknown, { copy, source }: CopiedFolder): unknown {
  if (!(error instanceof Error)) return error;
  const before = error.message;
  error.message = before.replaceAll(copy, source) + reasonOf(error, { copy, source });
  // The stack begins with the message.
  const stack = (error.stack ?? '').replace(before, () => error.message);
  error.stack = stack.replaceAll(copy, source);
  return error;
}

/** Why a file that the author has is missing in the copy; empty for other errors. */
function reasonOf(error: NodeJS.ErrnoException, { copy, source }: CopiedFolder): string {
  const missing = missingFile(error, copy);
  const name = missing === undefined ? '' : path.relative(copy, missing);
  if (name === '' || name.startsWith('..') || path.isAbsolute(name)) return '';
  if (!existsSync(path.join(source, name))) return '';
  const parts = name.split(path.sep);
  const reason = parts.some((part) => part.startsWith('.'))
    ? 'names that begin with a dot stay behind; give it another name'
    : parts.includes('node_modules')
      ? "of node_modules those packages go along whose names the code writes; write createRequire(import.meta.url).resolve('NAME') in it"
      : 'it is new since then, or "files" in package.json does not name it; name it there and install again';
  return `. The file is there, but the module runs from a copy that was made without it: ${reason}`;
}

function missingFile(error: NodeJS.ErrnoException, copy: string): string | undefined {
  if (error.code === 'ENOENT') return error.path;
  if (error.code !== 'MODULE_NOT_FOUND' && error.code !== 'ERR_MODULE_NOT_FOUND') return undefined;
  const [, name = ''] = /^Cannot find (?:module|package) '([^']*)'/.exec(error.message) ?? [];
  return path.isAbsolute(name) ? name : path.join(copy, 'node_modules', name);
}
