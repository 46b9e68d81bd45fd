import { glyphlessFont, glyphWidths } from './glyphless-font.js';
import type { PdfWriter, Reference } from '../pdf-writer.js';
import { codeWidth, wideRanges, type TextCodes } from './text-codes.js';

/** Name of the font in the resources of a page. */
export const layerFont = 'OcrHubText';

/** Adds the font of the invisible text, after all texts have been encoded. */
export async function addLayerFont(file: PdfWriter, codes: TextCodes, as: Reference): Promise<void> {
  const font = glyphlessFont();
  const fontFile = await file.addCompressed(`/Length1 ${font.length}`, font);
  // The descent is not 0, because poppler takes its own default for 0.
  const descriptor = file.add(
    `<< /Type /FontDescriptor /FontName ${fontName} /Flags 4 /FontBBox [0 -1 1000 1000] /ItalicAngle 0 ` +
      `/Ascent 1000 /Descent -1 /CapHeight 1000 /StemV 80 /FontFile2 ${fontFile} >>`,
  );
  const map = await file.addCompressed('', glyphsOfCodes());
  const descendant = file.add(
    `<< /Type /Font /Subtype /CIDFontType2 /BaseFont ${fontName} /CIDToGIDMap ${map} ` +
      `/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> ` +
      `/FontDescriptor ${descriptor} /DW 500 /W [${widths}] >>`,
  );
  const toUnicode = await file.addCompressed('', codes.toUnicode());
  file.add(
    `<< /Type /Font /Subtype /Type0 /BaseFont ${fontName} /Encoding /Identity-H ` +
      `/DescendantFonts [${descendant}] /ToUnicode ${toUnicode} >>`,
    as,
  );
}

const fontName = '/OcrHubGlyphless';

const widths = ['32 [250]', ...wideRanges.map(([first, last]) => `${first} ${last} 1000`)].join(' ');

/** The glyph of each code. Viewers may treat glyph 0 as a missing character, so no code has it. */
function glyphsOfCodes(): Uint8Array {
  const map = new Uint8Array(2 * 0x10000);
  for (let code = 0; code <= 0xffff; code++) map[2 * code + 1] = glyphWidths.indexOf(codeWidth(code)) + 1;
  return map;
}
