import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { readRegularFile } from '../files/read-regular.js';
import { leftoverPatternOf, writeFileAtomic } from '../files/write-atomic.js';
import { z } from '../values/check.js';
import { objectSchema } from '../values/json-schema.js';
import { ifMissing } from '../files/missing.js';

/*
 * `current.json` names the installed copy of one version, and has everything that `list` and `show` print and that
 * `serving start` checks. A rename replaces it, so a reader sees either the old install or the new one.
 */

const pointer = z.object({
  name: z.string(),
  version: z.string(),
  /** Content hash of the copy, and the name of its folder. */
  hash: z.string(),
  summary: z.string(),
  author: z.string(),
  /** null if the module declares no schema; it then accepts any parameter. */
  parameters: objectSchema.nullable(),
  /** The module's own request fields, without the parameters marked `perRequest`. */
  fields: objectSchema,
  source: z.string(),
  installedAt: z.string(),
  ocrhub: z.string(),
});

export type Pointer = z.output<typeof pointer>;

/** The keys that every version of ocrhub writes. */
const anyPointer = z.object({ source: z.string(), ocrhub: z.string() });

export type PointerFile =
  | { readonly kind: 'missing' }
  | { readonly kind: 'valid'; readonly pointer: Pointer }
  /** Another version of ocrhub wrote it, in another format. */
  | { readonly kind: 'foreign'; readonly ocrhub: string; readonly source: string }
  | { readonly kind: 'unreadable'; readonly problem: string };

const pointerName = 'current.json';

/** Matches the temporary files of an interrupted write. */
export const pointerLeftoverPattern = leftoverPatternOf(pointerName);

/** @param folder the folder of one version */
export function pointerPath(folder: string): string {
  return path.join(folder, pointerName);
}

/** Whether the folder of a version has a pointer, even a damaged one. */
export async function hasPointerFile(folder: string): Promise<boolean> {
  const files: string[] = await readdir(folder).catch(ifMissing<string[]>([]));
  return files.includes(pointerName);
}

export async function readPointerFile(folder: string): Promise<PointerFile> {
  let content: unknown;
  try {
    content = parseJson(await readRegularFile(pointerPath(folder)));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const kind = ifMissing(code === 'ENOENT' ? 'missing' : 'unreadable')(error);
    return kind === 'missing' ? { kind } : { kind: 'unreadable', problem: message };
  }
  const parsed = pointer.safeParse(content);
  if (parsed.success) return { kind: 'valid', pointer: parsed.data };
  const foreign = anyPointer.safeParse(content);
  return foreign.success
    ? { kind: 'foreign', ...foreign.data }
    : { kind: 'unreadable', problem: 'it is not a pointer file' };
}

export async function writePointerFile(folder: string, content: Pointer): Promise<void> {
  await writeFileAtomic(pointerPath(folder), `${JSON.stringify(pointer.parse(content), null, 2)}\n`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
