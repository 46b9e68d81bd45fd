/**
 * The directories of a TIFF file that are pages, as indices into the chain of all directories. The others hold a smaller
 * copy of a page (a level of a pyramid, a thumbnail) or a mask. If no directory is a page, the first one counts as one.
 *
 * Directories after a damaged one are left out; a file with a damaged header has none.
 */
export function pageDirectories(tiff: Uint8Array): readonly number[] {
  const types = subfileTypes(tiff);
  const pages = types.flatMap((type, index) => ((type & (reducedImage | mask)) === 0 ? [index] : []));
  const directories = pages.length === 0 && types.length > 0 ? [0] : pages;
  known.set(tiff, directories);
  return directories;
}

/**
 * Returns the directory of a page, from 1; undefined if there is no such page. For pages after the first, it uses the
 * directories that were last found in this array: reading the chain for every page takes quadratic time.
 */
export function pageDirectory(tiff: Uint8Array, page: number): number | undefined {
  const directories = (page === 1 ? undefined : known.get(tiff)) ?? pageDirectories(tiff);
  // libvips describes the damage of a file without directories.
  return directories.length === 0 ? page - 1 : directories[page - 1];
}

const known = new WeakMap<Uint8Array, readonly number[]>();

/** Bits of NewSubfileType (TIFF 6.0, page 36). */
const reducedImage = 1;
const mask = 4;

/** NewSubfileType of each directory; 0 where it is missing. */
function subfileTypes(tiff: Uint8Array): number[] {
  const read = readerOf(tiff);
  const form = read(2, 2) === 43 ? bigForm : classicForm;
  const types: number[] = [];
  const seen = new Set([0]);
  for (let at = read(form.first, form.offset); at !== undefined && types.length < maxDirectories;) {
    const count = read(at, form.count);
    if (seen.has(at) || count === undefined) break;
    seen.add(at);
    types.push(subfileType(read, at + form.count, Math.min(count, maxEntries), form));
    at = read(at + form.count + count * form.entry, form.offset);
  }
  return types;
}

/** libtiff's limit before version 4.5. */
const maxDirectories = 65_535;

/** Entries are sorted by tag, and no common tag is smaller than 254. The others allow for a careless writer. */
const maxEntries = 16;

const newSubfileType = 254;
const shortType = 3;

function subfileType(read: Read, first: number, count: number, form: Form): number {
  for (let entry = first; entry < first + count * form.entry; entry += form.entry) {
    if (read(entry, 2) !== newSubfileType) continue;
    return read(entry + form.value, read(entry + 2, 2) === shortType ? 2 : 4) ?? 0;
  }
  return 0;
}

/** Sizes in bytes of a file's numbers; `first` and `value` are the places of the first offset and of an entry's value. */
interface Form {
  readonly first: number;
  readonly offset: number;
  readonly count: number;
  readonly entry: number;
  readonly value: number;
}

const classicForm: Form = { first: 4, offset: 4, count: 2, entry: 12, value: 8 };
const bigForm: Form = { first: 8, offset: 8, count: 8, entry: 20, value: 12 };

/** Reads an unsigned number of 2, 4 or 8 bytes; undefined beyond the end of the file. */
type Read = (at: number, bytes: number) => number | undefined;

function readerOf(tiff: Uint8Array): Read {
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.byteLength);
  const isLittle = tiff[0] === 0x49;
  return (at, bytes) => {
    if (at + bytes > view.byteLength) return undefined;
    if (bytes === 2) return view.getUint16(at, isLittle);
    return bytes === 4 ? view.getUint32(at, isLittle) : Number(view.getBigUint64(at, isLittle));
  };
}
