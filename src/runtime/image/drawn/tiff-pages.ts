/**
 * The directories of a TIFF file that are pages, as indices into the chain of all directories. The others hold a smaller
 * copy of a page (a level of a pyramid, a thumbnail) or a mask. If no directory is a page, the first one counts as one.
 *
 * Directories after a damaged one are left out; a file with a damaged header has none.
 */
export function pageDirectories(tiff: Uint8Array): readonly number[] {
  return directoriesOf(tiff).pages;
}

/** A file as libvips reads it, and the number that libvips gives to the directory of a page. */
export interface TiffPage {
  readonly bytes: Uint8Array;
  readonly directory: number;
}

/**
 * Returns the directory of a page, from 1; undefined if there is no such page. For pages after the first, it uses the
 * directories that were last found in this array: reading the chain for every page takes quadratic time.
 *
 * libvips follows the whole chain each time it opens a file: 7 s for 300,000 directories. The page of a long chain comes in
 * a copy in which it is the only one.
 */
export function tiffPage(tiff: Uint8Array, page: number): TiffPage | undefined {
  const { pages, chain } = (page === 1 ? undefined : known.get(tiff)) ?? directoriesOf(tiff);
  // libvips describes the damage of a file without directories.
  const directory = pages.length === 0 ? page - 1 : pages[page - 1];
  if (directory === undefined) return undefined;
  const place = chain[directory];
  if (place === undefined || chain.length <= maxFollowed) return { bytes: tiff, directory };
  return { bytes: withOnly(tiff, place), directory: 0 };
}

/** Directories that libvips follows in a millisecond. */
const maxFollowed = 100;

interface Directories {
  /** Indices into the chain. */
  readonly pages: readonly number[];
  readonly chain: readonly Directory[];
}

interface Directory {
  readonly at: number;
  /** Where the offset of the next directory is. */
  readonly next: number;
  /** NewSubfileType; 0 where it is missing. */
  readonly type: number;
}

const known = new WeakMap<Uint8Array, Directories>();

function directoriesOf(tiff: Uint8Array): Directories {
  const chain = readChain(tiff);
  const found = chain.flatMap(({ type }, index) => ((type & (reducedImage | mask)) === 0 ? [index] : []));
  const directories = { chain, pages: found.length === 0 && chain.length > 0 ? [0] : found };
  known.set(tiff, directories);
  return directories;
}

function withOnly(tiff: Uint8Array, { at, next }: Directory): Uint8Array {
  // A Buffer's own slice() would be no copy.
  const copy = new Uint8Array(tiff);
  const view = new DataView(copy.buffer);
  const isLittle = tiff[0] === 0x49;
  const isBig = view.getUint16(2, isLittle) === 43;
  const write = (place: number, value: number): void => {
    if (place + (isBig ? 8 : 4) > view.byteLength) return;
    if (isBig) view.setBigUint64(place, BigInt(value), isLittle);
    else view.setUint32(place, value, isLittle);
  };
  write((isBig ? bigForm : classicForm).first, at);
  write(next, 0);
  return copy;
}

/** Bits of NewSubfileType (TIFF 6.0, page 36). */
const reducedImage = 1;
const mask = 4;

function readChain(tiff: Uint8Array): Directory[] {
  const read = readerOf(tiff);
  const form = read(2, 2) === 43 ? bigForm : classicForm;
  const chain: Directory[] = [];
  const seen = new Set([0]);
  for (let at = read(form.first, form.offset); at !== undefined && chain.length < maxDirectories;) {
    const count = read(at, form.count);
    if (seen.has(at) || count === undefined) break;
    seen.add(at);
    const next = at + form.count + count * form.entry;
    chain.push({ at, next, type: subfileType(read, at + form.count, Math.min(count, maxEntries), form) });
    at = read(next, form.offset);
  }
  return chain;
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
