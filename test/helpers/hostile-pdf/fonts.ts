import { pdfStream } from '../plain-pdf.js';
import { flate, packed, page, times, type HostilePdf } from './hostile-pdf.js';
import { doublingCff, doublingTrueType } from './font-files.js';

const text = `BT /F 40 Tf (${'a'.repeat(100)}) Tj ET`;

/** A page that writes with the font of object 5. */
function font(name: string, entries: string, make: () => readonly string[], content = text): HostilePdf {
  return page(name, () => ({
    content,
    resources: '/Font << /F 5 0 R >>',
    more: [`<< /Type /Font ${entries} >>`, ...make()],
  }));
}

const type3 =
  '/Subtype /Type3 /FontBBox [0 0 1000 1000] /FontMatrix [.001 0 0 .001 0 0] /CharProcs << /a 6 0 R >> /Encoding << /Type /Encoding /Differences [97 /a] >> /FirstChar 97 /LastChar 97 /Widths [1000]';
const simple = '/Subtype /TrueType /BaseFont /A /FirstChar 97 /LastChar 97 /Widths [1000] /FontDescriptor 6 0 R';
const descriptor = (file: string): string =>
  `<< /Type /FontDescriptor /FontName /A /Flags 4 /FontBBox [0 0 1000 1000] ${file} >>`;
const composite = '/Subtype /Type0 /BaseFont /A /DescendantFonts [6 0 R]';
const descendant = (more: string): string =>
  `<< /Type /Font /Subtype /CIDFontType2 /BaseFont /A /CIDSystemInfo << /Registry (A) /Ordering (B) /Supplement 0 >> /FontDescriptor 9 0 R ${more} >>`;

/** Pages whose fonts are hostile. */
export const fontPdfs: readonly HostilePdf[] = [
  font('a glyph that writes itself', `${type3} /Resources << /Font << /F 5 0 R >> >>`, () => [
    pdfStream('', `1000 0 d0 BT /F 900 Tf (aaaa) Tj ET`),
  ]),
  font(
    'a glyph of many lines',
    `${type3} /Resources << >>`,
    () => [pdfStream('', `1000 0 d0 ${'0 0 m 1000 1000 l S '.repeat(20_000)}`)],
    `BT /F 10 Tf (${'a'.repeat(1000)}) Tj ET`,
  ),
  font('glyphs in glyphs', `${type3} /Resources << /Font << /F 7 0 R >> >>`, () => [
    pdfStream('', '1000 0 d0 BT /F 900 Tf (aaaaaaaaaa) Tj ET'),
    ...times(10, (i) => [
      `<< /Type /Font ${type3.replace('6 0 R', `${2 * i + 8} 0 R`)} /Resources << /Font << /F ${2 * i + 9} 0 R >> >> >>`,
      pdfStream('', '1000 0 d0 BT /F 900 Tf (aaaaaaaaaa) Tj ET'),
    ]).flat(),
  ]),
  font('a TrueType glyph that doubles 20 times', simple, () => [
    descriptor('/FontFile2 7 0 R'),
    pdfStream(flate, packed(doublingTrueType(20))),
  ]),
  font('a TrueType glyph in itself', simple, () => [
    descriptor('/FontFile2 7 0 R'),
    pdfStream(flate, packed(doublingTrueType(0))),
  ]),
  font('a CFF glyph whose parts repeat', simple, () => [
    descriptor('/FontFile3 7 0 R'),
    pdfStream(`/Subtype /Type1C ${flate}`, packed(doublingCff())),
  ]),
  font('a font file of 300 MB', simple, () => [
    descriptor('/FontFile2 7 0 R'),
    pdfStream(flate, packed(Buffer.alloc(300e6))),
  ]),
  font('a font that is its own file', simple, () => [descriptor('/FontFile2 6 0 R /FontFile 5 0 R')]),
  font('a map of four billion characters', `${composite} /Encoding /Identity-H /ToUnicode 7 0 R`, () => [
    descendant(''),
    pdfStream(
      '',
      `begincmap 1 begincodespacerange <00000000> <ffffffff> endcodespacerange ${'1 beginbfrange <0000> <ffffffff> <0041> endbfrange '.repeat(50)} endcmap`,
    ),
  ]),
  font('a map of a hundred million characters by name', `${composite} /Encoding 7 0 R`, () => [
    descendant(''),
    pdfStream(
      '/Type /CMap /CMapName /A /UseCMap 7 0 R',
      `begincmap 1 begincodespacerange <0000> <ffff> endcodespacerange ${'1 begincidrange <00000000> <ffffffff> 0 endcidrange '.repeat(1000)} endcmap`,
    ),
  ]),
  font('widths of five million characters', `${composite} /Encoding /Identity-H`, () => [
    descendant(`/W [${'1 2147483647 500 '.repeat(15e5)}] /DW2 [1e38 1e38] /W2 [0 2147483647 1 1 1]`),
  ]),
  font('a million differences', '/Subtype /Type1 /BaseFont /Helvetica /Encoding << /Differences 6 0 R >>', () => [
    `[${times(1e6, (i) => `${i} /uni${i.toString(16)}`).join(' ')}]`,
  ]),
  font('a font of its own descendants', `${composite} /Encoding /Identity-H`, () =>
    ['5 0 R'].map(() => `<< /Type /Font ${composite.replace('6 0 R', '5 0 R')} >>`),
  ),
];
