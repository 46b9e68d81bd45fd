import type { Mutator } from './bytes.js';
import { setDimension } from './dimension.js';

/** Damages entries of the directories of a TIFF file. */
export const mutateTiff: Mutator = (file, random) => {
  if (file.length < 8) return file;
  const little = file[0] === 0x49;
  const changed = Buffer.from(file);
  const read16 = (at: number): number => (little ? file.readUInt16LE(at) : file.readUInt16BE(at));
  const read32 = (at: number): number => (little ? file.readUInt32LE(at) : file.readUInt32BE(at));
  const write16 = (at: number, value: number): number =>
    little ? changed.writeUInt16LE(value & 0xffff, at) : changed.writeUInt16BE(value & 0xffff, at);
  const write32 = (at: number, value: number): number =>
    little ? changed.writeUInt32LE(value >>> 0, at) : changed.writeUInt32BE(value >>> 0, at);
  const directories: number[] = [];
  const entries: number[] = [];
  for (let at = read32(4); at > 0 && at + 2 <= file.length && !directories.includes(at);) {
    directories.push(at);
    const count = read16(at);
    for (let i = 0; i < count && at + 14 + 12 * i <= file.length; i++) entries.push(at + 2 + 12 * i);
    const next = at + 2 + 12 * count;
    at = next + 4 <= file.length ? read32(next) : 0;
  }
  if (entries.length === 0) return file;
  for (let i = 1 + random.below(2); i > 0; i--) {
    const entry = random.pick(entries);
    const directory = random.pick(directories);
    const next = directory + 2 + 12 * read16(directory);
    random.pick([
      // Width, height, depth, compression, photometric, strips, tiles, predictor, sample format, sub-directories, JPEG tables.
      () =>
        write16(
          entry,
          random.pick([
            254, 256, 257, 258, 259, 262, 273, 277, 278, 279, 284, 317, 320, 322, 323, 324, 325, 330, 338, 339, 347,
            34675,
          ]),
        ),
      () => write16(entry + 2, random.below(20)),
      () => write32(entry + 4, random.edge()),
      () => write32(entry + 8, random.edge()),
      () => write32(entry + 8, setDimension(random)),
      () => write16(entry + 8, random.pick([1, 2, 3, 4, 5, 6, 7, 8, 32773, 34712, 50000])),
      () => {
        if (next + 4 <= file.length) write32(next, random.pick([directory, ...directories, random.edge()]));
      },
      () => write16(directory, random.edge()),
    ])();
  }
  return changed;
};

/** Damages the screen and the frames of a GIF file. */
export const mutateGif: Mutator = (file, random) => {
  const changed = Buffer.from(file);
  const size = setDimension(random) & 0xffff;
  const frames = [...file.keys()].filter((at) => file[at] === 0x2c && at + 10 < file.length);
  const frame = frames.length === 0 ? 0 : random.pick(frames);
  const end = file.lastIndexOf(0x3b);
  switch (random.below(5)) {
    case 0:
      changed.writeUInt16LE(size, random.pick([6, 8]));
      return changed;
    case 1:
      changed.writeUInt16LE(size, frame + 1 + 2 * random.below(4));
      return changed;
    case 2:
      changed[random.pick([10, 11, frame + 9, frame + 10])] = random.below(256);
      return changed;
    case 3: {
      // Many frames of a few bytes each.
      const rest = file.subarray(frame, end === -1 ? file.length : end);
      return Buffer.concat([
        file.subarray(0, frame),
        ...Array.from({ length: 1 + random.below(200) }, () => rest),
        Buffer.from([0x3b]),
      ]);
    }
    default:
      return Buffer.concat([
        file.subarray(0, frame),
        Buffer.from([0x21, 0xfe, 255]),
        random.bytes(255),
        Buffer.from([0]),
        file.subarray(frame),
      ]);
  }
};

/** Damages the header of a BMP file. */
export const mutateBmp: Mutator = (file, random) => {
  const changed = Buffer.from(file);
  if (file.length < 54) return changed;
  for (let i = 1 + random.below(2); i > 0; i--) {
    random.pick([
      () => changed.writeUInt32LE(random.edge() >>> 0, 10),
      () => changed.writeUInt32LE(random.pick([0, 12, 16, 40, 52, 56, 64, 108, 124, random.edge() >>> 0]), 14),
      () =>
        changed.writeInt32LE(
          (random.chance(0.3) ? -1 : 1) * (setDimension(random) & 0x7fffffff),
          random.pick([18, 22]),
        ),
      () => changed.writeUInt16LE(random.pick([0, 1, 2, 4, 8, 16, 24, 32, 48, 64, 65_535]), 28),
      () => changed.writeUInt32LE(random.below(14), 30),
      () => changed.writeUInt32LE(random.edge() >>> 0, random.pick([34, 46, 50])),
    ])();
  }
  return changed;
};

/** Damages numbers, names and references of a PDF file whose objects are text. */
export const mutatePdf: Mutator = (file, random) => {
  const text = file.toString('latin1');
  const change = random.pick<() => string>([
    () =>
      replaceOne(text, /\d+/g, random.below(1e9), () =>
        String(random.pick([0, -1, 1e9, 1e20, 3.4e38, random.edge(), random.below(30)])),
      ),
    () => replaceOne(text, /\d+ \d+ R/g, random.below(1e9), () => `${random.below(12)} 0 R`),
    () =>
      replaceOne(text, /\/[A-Z][A-Za-z]+/g, random.below(1e9), () =>
        random.pick([
          '/Kids',
          '/Count',
          '/Type',
          '/Pages',
          '/Page',
          '/Length',
          '/FlateDecode',
          '/LZWDecode',
          '/DCTDecode',
          '/JBIG2Decode',
          '/JPXDecode',
          '/CCITTFaxDecode',
          '/Encrypt',
          '/Rotate',
          '/UserUnit',
          '/XObject',
          '/Form',
          '/Annots',
          '/SMask',
          '/Pattern',
          '/AcroForm',
        ]),
      ),
    () =>
      replaceOne(text, /MediaBox \[[^\]]*\]/g, 0, () =>
        random.pick([
          'MediaBox [0 0 1e9 1e9]',
          'MediaBox [0 0 0 0]',
          'MediaBox [-1e5 -1e5 1e5 1e5]',
          'MediaBox [0 0 14400 14400]',
          'MediaBox [0 0 1 1000000]',
          'MediaBox []',
        ]),
      ),
    () =>
      replaceOne(text, /<<|>>|endobj|endstream|stream|xref|trailer|startxref/g, random.below(1e9), () =>
        random.pick(['<<', '>>', '[[[[', 'endobj', 'stream', '']),
      ),
    () => replaceOne(text, /<</g, random.below(1e9), () => '['.repeat(1 + random.below(20_000))),
  ]);
  return Buffer.from(change(), 'latin1');
};

/** Replaces the n-th match, counted in a circle. */
function replaceOne(text: string, pattern: RegExp, n: number, by: () => string): string {
  const matches = [...text.matchAll(pattern)];
  const match = matches[n % Math.max(1, matches.length)];
  return match === undefined ? text : text.slice(0, match.index) + by() + text.slice(match.index + match[0].length);
}
