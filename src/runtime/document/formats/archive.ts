import { unzipSync, zipSync, type Zippable } from 'fflate';
import type { ReadDocument } from '../read-document.js';

/**
 * A ZIP archive with a file for each page: `scan.tiff` becomes `scan-1.png`, `scan-2.png` and so on. Those of a second
 * document of the same name begin with `scan (2)`.
 *
 * @param files a file for each page of all documents, in their order
 * @param options `isCompressed` says that deflating the files would gain nothing
 */
export function archivePages(
  documents: readonly ReadDocument[],
  files: readonly Uint8Array[],
  options: { readonly extension: string; readonly isCompressed: boolean; readonly created: Date },
): Uint8Array {
  const names = entryNames(documents, options.extension);
  const entries: Zippable = Object.fromEntries(names.map((name, i) => [name, files[i] ?? new Uint8Array()]));
  return zipSync(entries, { level: options.isCompressed ? 0 : 6, mtime: options.created });
}

/** The files of an archive that `archivePages` wrote, in their order. */
export function readArchive(bytes: Uint8Array): Uint8Array[] {
  return Object.values(unzipSync(bytes));
}

function entryNames(documents: readonly ReadDocument[], extension: string): string[] {
  const taken = new Set<string>();
  return documents.flatMap(({ name, pages }) => {
    const stem = freeStem(stemOf(name), taken);
    return pages.map(({ number }) => `${stem}-${number}.${extension}`);
  });
}

/** Without the extension, and without what is no part of a file's name on some system. */
function stemOf(name: string): string {
  const stem = name.replace(/[\\/:*?"<>|\p{Cc}]/gu, '_').replace(/(?<=[^.])\.[^.]*$/u, '');
  return /^\.*$/u.test(stem) ? 'document' : stem;
}

/** File systems may take capitals for small letters. */
function freeStem(stem: string, taken: Set<string>): string {
  let free = stem;
  for (let count = 2; taken.has(free.toLowerCase()); count++) free = `${stem} (${count})`;
  taken.add(free.toLowerCase());
  return free;
}
