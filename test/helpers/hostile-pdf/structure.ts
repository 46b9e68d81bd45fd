import { constants, deflateRawSync } from 'node:zlib';
import { plainPage, plainPdf, pdfStream } from '../plain-pdf.js';
import { catalog, flate, objects, onePage, packed, page, times, type HostilePdf } from './hostile-pdf.js';

const leaf = '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 20 20] >>';
const counted = (count: number): HostilePdf =>
  objects(`a count of ${count} pages`, () => [catalog, `<< /Type /Pages /Kids [3 0 R] /Count ${count} >>`, leaf]);

/** Files whose objects, tables and filters lie, circle, nest or swell. */
export const structurePdfs: readonly HostilePdf[] = [
  objects('100,000 pages', () => [
    catalog,
    `<< /Type /Pages /Count 100000 /Kids [${times(100_000, (i) => `${i + 3} 0 R`).join(' ')}] >>`,
    ...times(100_000, () => leaf),
  ]),
  objects('a page 10,000 nodes deep', () => [
    catalog,
    ...times(10_000, (i) => `<< /Type /Pages /Count 1 /Kids [${i + 3} 0 R] /Parent ${i + 1} 0 R >>`),
    leaf,
  ]),
  objects('a tree of pages in a circle', () => [
    catalog,
    '<< /Type /Pages /Count 2 /Kids [2 0 R 2 0 R] /Parent 2 0 R >>',
  ]),
  ...[-1, 0, 4_000_000, 1_000_000_000, 2_147_483_647, 4_294_967_296].map(counted),
  objects('a node whose parent is itself', () => [
    catalog,
    '<< /Type /Pages /Kids [3 0 R] /Count 1 /Parent 2 0 R >>',
    '<< /Type /Page /Parent 3 0 R /Resources 3 0 R /Contents 3 0 R >>',
  ]),
  { name: 'a table that is its own predecessor', make: () => withTables(1) },
  { name: 'a chain of 20,000 tables', make: () => withTables(20_000) },
  {
    name: 'a table stream of two billion entries',
    make: () => withTableStream('/Size 2147483647 /W [1 8 8] /Index [0 2147483646]'),
  },
  { name: 'a table stream of wide fields', make: () => withTableStream('/Size 10 /W [1 2147483647 2147483647]') },
  objects('a stream of a billion objects', () => [
    '6 0 R',
    pdfStream('/Type /ObjStm /N 1000000000 /First 2000000000', '1 0 2 10 '),
    pdfStream('/Type /ObjStm /N 1 /First 4 /Extends 3 0 R', '3 0 << >>'),
  ]),
  objects('a stream of objects of 10 GB', () => [
    catalog,
    onePage,
    `${leaf.slice(0, -2)} /Contents 5 0 R >>`,
    pdfStream('/Type /ObjStm /N 1 /First 4 /Filter [/FlateDecode /FlateDecode]', packed(endless(10_000))),
    pdfStream('', '0 0 9 9 re f'),
  ]),
  { name: 'a million objects', make: () => plainPdf([catalog, onePage, leaf, ...times(1e6, () => '<< >>')]) },
  { name: 'arrays a million deep', make: () => plainPdf([catalog, onePage, leaf, '['.repeat(1e6) + ']'.repeat(1e6)]) },
  {
    name: 'resources 100,000 deep',
    make: () => plainPage({ content: '/X Do', resources: '/A << '.repeat(100_000) + '>> '.repeat(100_000) }),
  },
  page('a name of 50 MB', () => ({ content: `/${'N'.repeat(50e6)} Do` })),
  page('a string of 50 MB', () => ({ content: `(${'('.repeat(25e6)}${')'.repeat(25e6)}) Tj` })),
  page('hexadecimal digits of 50 MB without an end', () => ({ content: `<${'41'.repeat(25e6)}` })),
  objects('a length that is its own stream', () => [
    catalog,
    onePage,
    `${leaf.slice(0, -2)} /Contents 4 0 R >>`,
    '<< /Length 4 0 R >>\nstream\nq\nendstream',
  ]),
  page('50,000 filters', () => ({ content: 'q', filter: `/Filter [${'/ASCIIHexDecode '.repeat(50_000)}]` })),
  page('10 GB in two layers of Flate', () => ({
    content: packed(endless(10_000)),
    filter: '/Filter [/FlateDecode /FlateDecode]',
  })),
  page('10 GB in Flate and ASCII85', () => ({
    content: packed(Buffer.alloc(400e6, 'z')),
    filter: '/Filter [/FlateDecode /ASCII85Decode]',
  })),
  page('run lengths of 6 GB', () => ({
    content: packed(Buffer.alloc(100e6, Buffer.from([0x81, 0x20]))),
    filter: '/Filter [/FlateDecode /RunLengthDecode]',
  })),
  page('LZW codes of 2 GB', () => ({
    content: packed(lzwOfSpaces(1_000)),
    filter: '/Filter [/FlateDecode /LZWDecode]',
  })),
  ...[
    '/Columns 1073741824 /Colors 32 /BitsPerComponent 16',
    '/Columns 2147483647',
    '/Columns -1 /Colors -1',
    '/Columns 60000000 /Colors 4',
  ].map((parameters) =>
    page(`a predictor of ${parameters}`, () => ({
      content: packed(Buffer.alloc(1e6)),
      filter: `${flate} /DecodeParms << /Predictor 15 ${parameters} >>`,
    })),
  ),
  ...[
    ['of short keys', '/Filter /Standard /V 5 /R 6 /Length 256 /O (a) /U (b) /OE (c) /UE (d) /P -4 /Perms (e)'],
    [
      'of an absurd length',
      `/Filter /Standard /V 4 /R 4 /Length 2147483647 /O (${'o'.repeat(32)}) /U (${'u'.repeat(32)}) /P -4`,
    ],
    ['in a circle', '/Filter /Standard /V 4 /R 4 /CF << /StdCF 4 0 R >> /StmF /StdCF /StrF /StdCF /Encrypt 4 0 R'],
  ].map(([name = '', entries = '']) => ({
    name: `an encryption ${name}`,
    make: (): Buffer =>
      Buffer.from(
        plainPdf([catalog, onePage, leaf, `<< ${entries} >>`])
          .toString('latin1')
          .replace('/Root 1 0 R', '/Root 1 0 R /Encrypt 4 0 R /ID [(a) (b)]'),
        'latin1',
      ),
  })),
];

/** Old-style tables, each of which names the one before, and the first itself. */
function withTables(count: number): Buffer {
  const body = plainPdf([catalog, onePage, leaf])
    .toString('latin1')
    .replace(/trailer[^]*/, '');
  const [first, ...others] = times(count, (i) => i);
  const table = (previous: number): string =>
    `xref\n0 1\n0000000000 65535 f \ntrailer\n<< /Root 1 0 R /Size 4 /Prev ${String(previous).padStart(10, '0')} >>\n`;
  const at = (i: number): number => body.length + i * table(0).length;
  const tables = [table(at(first ?? 0)), ...others.map((i) => table(at(i - 1)))].join('');
  return Buffer.from(`${body}${tables}startxref\n${at(count - 1)}\n%%EOF\n`, 'latin1');
}

function withTableStream(entries: string): Buffer {
  const body = plainPdf([catalog, onePage, leaf])
    .toString('latin1')
    .replace(/trailer[^]*/, '');
  const table = `9 0 obj\n${pdfStream(`/Type /XRef /Root 1 0 R ${entries} ${flate}`, packed(Buffer.alloc(100e6, 1)))}\nendobj\n`;
  return Buffer.from(`${body}${table}startxref\n${body.length}\n%%EOF\n`, 'latin1');
}

/** A deflate stream of as many megabytes of spaces, of blocks that repeat, so that it can be compressed again. */
function endless(megabytes: number): Buffer {
  const block = deflateRawSync(Buffer.alloc(1e6, ' '), { finishFlush: constants.Z_FULL_FLUSH });
  return Buffer.concat([Buffer.from([0x78, 0x9c]), ...times(megabytes, () => block)]);
}

/** LZW codes of as many times two megabytes of spaces: the table is filled, and emptied again. */
function lzwOfSpaces(rounds: number): Buffer {
  const codes = [256, 32, ...times(3836, (i) => 258 + i)];
  const bits = codes.map((code, i) => code.toString(2).padStart(widthOf(i), '0')).join('');
  const whole = bits.padEnd(Math.ceil(bits.length / 8) * 8, '0');
  const round = Buffer.from(whole.match(/.{8}/g)?.map((byte) => parseInt(byte, 2)) ?? []);
  return Buffer.concat(times(rounds, () => round));
}

/** Bits of the code at a place after the table was emptied. */
function widthOf(place: number): number {
  const entries = 257 + Math.max(0, place - 1);
  return entries < 511 ? 9 : entries < 1023 ? 10 : entries < 2047 ? 11 : 12;
}
