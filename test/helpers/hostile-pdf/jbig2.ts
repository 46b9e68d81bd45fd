import { times } from './hostile-pdf.js';

/** Segments of a picture, ISO/IEC 14492, as a PDF file embeds them. */
interface Jbig2Stream {
  readonly name: string;
  readonly data: () => Buffer;
  /** Segments that pictures share. */
  readonly globals?: string;
}

const most = 0xffffffff;
const kinds = {
  symbols: 0,
  text: 6,
  patterns: 16,
  halftone: 22,
  generic: 38,
  refinement: 42,
  page: 48,
  table: 53,
  extension: 62,
} as const;

/** The decoder takes any bytes for arithmetic codes. */
const codes = Buffer.from(times(4000, (i) => (i * i * 31 + 7) % 255));
const zeros = Buffer.alloc(4000);
const adaptive = [3, 255, 253, 255, 2, 254, 254, 254];

export const jbig2Streams: readonly Jbig2Stream[] = [
  { name: 'a page of four billion columns', data: () => joined(page(most, most)) },
  {
    name: 'a page of unknown height',
    data: () => joined(page(60_000, most), ...times(2000, (i) => region(i + 1, 8000, 8000))),
  },
  { name: 'a region of four billion columns', data: () => joined(page(8000, 8000), region(1, most, most)) },
  { name: 'a region of 60,000 x 60,000', data: () => joined(page(8000, 8000), region(1, 60_000, 60_000)) },
  {
    name: 'five thousand regions of the whole page',
    data: () => joined(page(8000, 8000), ...times(5000, (i) => region(i + 1, 8000, 8000))),
  },
  {
    name: 'a region of fax codes',
    data: () => joined(page(8000, 8000), segment(1, kinds.generic, [], place(60_000, 60_000), [1], zeros)),
  },
  ...[0x10000, most].map((count) => ({
    name: `a dictionary of ${count} symbols`,
    data: (): Buffer =>
      joined(page(8000, 8000), segment(1, kinds.symbols, [], short(0), adaptive, long(count), long(count), codes)),
  })),
  {
    name: 'a text of four billion letters',
    data: () =>
      joined(
        page(8000, 8000),
        segment(1, kinds.symbols, [], short(0), adaptive, long(1), long(1), codes),
        segment(2, kinds.text, [1], place(8000, 8000), short(0), long(most), codes),
      ),
  },
  ...[0xffff, most].map((last) => ({
    name: `${last + 1} patterns of 255 x 255`,
    data: (): Buffer => joined(page(8000, 8000), segment(1, kinds.patterns, [], [0, 255, 255], long(last), codes)),
  })),
  ...[8000, 0x7fffffff, most].map((side) => ({
    name: `a halftone of ${side} x ${side} cells`,
    data: (): Buffer =>
      joined(
        page(8000, 8000),
        segment(1, kinds.patterns, [], [0, 8, 8], long(15), codes),
        segment(
          2,
          kinds.halftone,
          [1],
          place(8000, 8000),
          [0],
          long(side),
          long(side),
          long(0),
          long(0),
          short(256),
          short(256),
          codes,
        ),
      ),
  })),
  {
    name: 'a refinement of 60,000 x 60,000',
    data: () =>
      joined(page(8000, 8000), segment(1, kinds.refinement, [], place(60_000, 60_000), [0, 255, 255, 255, 255], codes)),
  },
  {
    name: 'a code table without an end',
    data: () =>
      joined(page(8000, 8000), segment(1, kinds.table, [], [0x7e], long(0x80000000), long(0x7fffffff), zeros)),
  },
  {
    name: 'a million empty segments',
    data: () => Buffer.concat([page(100, 100), ...times(1e6, (i) => segment(i + 1, kinds.extension, [], long(0)))]),
  },
  {
    name: 'a segment longer than the file',
    data: () => joined(page(100, 100), Buffer.from([0, 0, 0, 1, 38, 0, 1, 255, 255, 255, 254, 0])),
  },
  {
    name: 'a segment that refers to itself',
    data: () =>
      joined(page(100, 100), segment(1, kinds.text, [1, 1, 1, 1], place(100, 100), short(0), long(10), codes)),
  },
];

function joined(...segments: readonly Buffer[]): Buffer {
  return Buffer.concat(segments);
}

type Part = Uint8Array | readonly number[];

function segment(number: number, kind: number, refersTo: readonly number[], ...parts: readonly Part[]): Buffer {
  const data = Buffer.concat(parts.map((part) => Buffer.from(part)));
  const width = number <= 256 ? 1 : number <= 65_536 ? 2 : 4;
  const references = refersTo.map((other) => long(other).subarray(4 - width));
  return Buffer.concat([
    long(number),
    Buffer.from([kind, refersTo.length << 5]),
    ...references,
    Buffer.from([1]),
    long(data.length),
    data,
  ]);
}

function page(width: number, height: number): Buffer {
  return segment(
    0,
    kinds.page,
    [],
    long(width),
    long(height),
    long(0),
    long(0),
    [0],
    height === most ? [0xff, 0xff] : [0, 0],
  );
}

function region(number: number, width: number, height: number): Buffer {
  return segment(number, kinds.generic, [], place(width, height), [0], adaptive, codes.subarray(0, 100));
}

/** Size, place and operator of a region. */
function place(width: number, height: number): Buffer {
  return Buffer.concat([long(width), long(height), long(0), long(0), Buffer.from([0])]);
}

function long(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
}

function short(value: number): Buffer {
  return long(value).subarray(2);
}
