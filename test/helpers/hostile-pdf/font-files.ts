import { times } from './hostile-pdf.js';

/** A TrueType font whose glyph of "a" is the next glyph twice, and so on; with 0 steps it is itself twice. */
export function doublingTrueType(steps: number): Buffer {
  const component = (glyph: number, more: boolean): Buffer => words(0x0003 | (more ? 0x20 : 0), glyph, 0, 0);
  const twice = (glyph: number): Buffer =>
    Buffer.concat([words(0xffff, 0, 0, 1000, 1000), component(glyph, true), component(glyph, false)]);
  // Four points of a square.
  const square = Buffer.concat([
    words(1, 0, 0, 1000, 1000, 3, 0),
    Buffer.from([1, 1, 1, 1]),
    words(0, 1000, 0, 0xfc18, 0, 0, 1000, 0),
  ]);
  const glyphs = [Buffer.alloc(0), ...(steps === 0 ? [twice(1)] : times(steps, (i) => twice(i + 2))), square].map(
    padded,
  );
  const ends = glyphs.map((_, i) => glyphs.slice(0, i + 1).reduce((sum, { length }) => sum + length, 0));
  const tables: Readonly<Record<string, Buffer>> = {
    cmap: words(0, 1, 3, 0, 0, 12, 4, 32, 0, 4, 4, 1, 0, 0xf061, 0xffff, 0, 0xf061, 0xffff, 0x0fa0, 1, 0, 0),
    glyf: Buffer.concat(glyphs),
    head: words(1, 0, 0, 0, 0, 0, 0x5f0f, 0x3cf5, 0, 1000, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1000, 1000, 0, 8, 2, 1, 0),
    hhea: words(1, 0, 1000, 0, 0, 1000, 0, 0, 1000, 1, 0, 0, 0, 0, 0, 0, 0, 1),
    hmtx: words(1000, 0, ...glyphs.map(() => 0)),
    loca: words(0, 0, ...ends.flatMap((end) => [end >>> 16, end & 0xffff])),
    maxp: words(1, 0, glyphs.length, 100, 10, 30_000, 10_000, 1, 0, 0, 0, 0, 0, 0, 10, 30),
  };
  const names = Object.keys(tables);
  let at = 12 + 16 * names.length;
  const directory = names.map((name) => {
    const { length = 0 } = tables[name] ?? {};
    const entry = Buffer.concat([
      Buffer.from(name),
      words(0, 0, at >>> 16, at & 0xffff, length >>> 16, length & 0xffff),
    ]);
    at += length + ((4 - (length % 4)) % 4);
    return entry;
  });
  return Buffer.concat([
    words(1, 0, names.length, 64, 2, 48),
    ...directory,
    ...names.map((name) => padded(tables[name] ?? Buffer.alloc(0))),
  ]);
}

/** A CFF font whose glyphs call a part that calls the next part a hundred times, nine deep. */
export function doublingCff(): Buffer {
  const call = (part: number): number[] => [part - 107 + 139, 29];
  const parts = times(9, (i) => Buffer.from([...(i === 8 ? [139, 18] : times(100, () => call(i + 1)).flat()), 11]));
  const glyph = Buffer.from([...call(0), 14]);
  const header = Buffer.from([1, 0, 4, 4]);
  const name = index([Buffer.from('A')]);
  const subroutines = index(parts);
  const strings = index([]);
  const dictionary = (at: number): Buffer =>
    index([Buffer.concat([Buffer.from([29]), words(at >>> 16, at & 0xffff), Buffer.from([17])])]);
  const at = header.length + name.length + dictionary(0).length + strings.length + subroutines.length;
  return Buffer.concat([header, name, dictionary(at), strings, subroutines, index(times(200, () => glyph))]);
}

function index(items: readonly Buffer[]): Buffer {
  if (items.length === 0) return words(0);
  let end = 1;
  const offsets = items.map(({ length }) => (end += length));
  return Buffer.concat([words(items.length), Buffer.from([2]), words(1, ...offsets), ...items]);
}

/** Numbers of 16 bits. */
function words(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(2 * values.length);
  values.forEach((value, i) => bytes.writeUInt16BE(value & 0xffff, 2 * i));
  return bytes;
}

function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
}
