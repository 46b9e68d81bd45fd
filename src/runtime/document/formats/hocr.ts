import { packageVersion } from '../../package.js';
import type { ReadDocument } from '../read-document.js';
import { boxAround, filePages, type Area, type Box, type FileLine, type FilePage, type FileWord } from './file-page.js';
import { isRightToLeft } from '../line-text.js';
import { block, element, escapeXml, xmlDeclaration } from './xml.js';

/** hOCR 1.2 as XHTML: one `ocr_page` for each page of all documents. */
export function writeHocr(documents: readonly ReadDocument[]): string {
  const pages = filePages(documents);
  const names = [...new Set(pages.map(({ fileName }) => fileName))].join(', ');
  const meta = (name: string, content: string | number): string => element('meta', { name, content });
  const head = block('head', {}, [
    `<title>${escapeXml(names)}</title>`,
    element('meta', { 'http-equiv': 'Content-Type', content: 'text/html; charset=utf-8' }),
    meta('ocr-system', `ocrhub ${packageVersion}`),
    meta('ocr-capabilities', capabilities),
    meta('ocr-number-of-pages', pages.length),
  ]);
  const html = block('html', { xmlns: 'http://www.w3.org/1999/xhtml' }, [head, block('body', {}, pages.map(pageOf))]);
  return `${xmlDeclaration}\n${doctype}\n${html}\n`;
}

const capabilities = 'ocr_page ocr_carea ocr_par ocr_line ocrx_word ocrp_wconf ocrp_poly ocrp_dir';
const doctype =
  '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">';

function pageOf({ fileName, index, number, width, height, dpi, lines }: FilePage): string {
  const title = [
    `image "${fileName.replace(/["\\;\p{Cc}]/gu, '_')}"`,
    `bbox 0 0 ${width} ${height}`,
    `ppageno ${number - 1}`,
    ...(dpi === undefined ? [] : [`scan_res ${Math.round(dpi)} ${Math.round(dpi)}`]),
  ];
  const attributes = { class: 'ocr_page', id: `page_${index}`, title: title.join('; ') };
  // Not <div/>: browsers read this as HTML, in which that is only a start tag.
  if (lines.length === 0) return element('div', attributes, '\n');
  const bbox = bboxOf(boxAround(lines));
  const paragraph = block(
    'p',
    { class: 'ocr_par', id: `par_${index}_1`, title: bbox },
    lines.map((line, i) => lineOf(line, `${index}_${i + 1}`)),
  );
  return block('div', attributes, [
    block('div', { class: 'ocr_carea', id: `block_${index}_1`, title: bbox }, [paragraph]),
  ]);
}

function lineOf(line: FileLine, id: string): string {
  const words = line.words.map((word, i) => `${word.isSpaced ? ' ' : ''}${wordOf(word, `${id}_${i + 1}`)}`);
  const dir = isRightToLeft(line.text) ? 'rtl' : undefined;
  const title = [...areaOf(line), ...slantOf(line)].join('; ');
  return element('span', { class: 'ocr_line', id: `line_${id}`, title, dir }, words.join(''));
}

function wordOf(word: FileWord, id: string): string {
  const title = [...areaOf(word), `x_wconf ${Math.round(word.confidence * 100)}`].join('; ');
  return element('span', { class: 'ocrx_word', id: `word_${id}`, title }, escapeXml(word.text));
}

function areaOf({ region, box }: Area): string[] {
  const isBox = region.every(([x, y]) => (x === box.left || x === box.right) && (y === box.top || y === box.bottom));
  return isBox ? [bboxOf(box)] : [bboxOf(box), `poly ${region.flat().join(' ')}`];
}

function bboxOf({ left, top, right, bottom }: Box): string {
  return `bbox ${left} ${top} ${right} ${bottom}`;
}

/**
 * How a line is tilted: by its baseline up to 45 degrees, beyond by its angle, as tesseract writes it. Readers add the two
 * up, so a line has at most one. The baseline is the lower side of the region.
 */
function slantOf({ region: [, , [rightX, rightY], [leftX, leftY]], box }: FileLine): string[] {
  const [dx, dy] = [rightX - leftX, rightY - leftY];
  if (dy === 0 && dx >= 0) return [];
  if (Math.abs(dy) > dx) return [`textangle ${rounded((360 - (Math.atan2(dy, dx) * 180) / Math.PI) % 360, 1)}`];
  const slope = dy / dx;
  return [`baseline ${rounded(slope, 4)} ${rounded(leftY - slope * (leftX - box.left) - box.bottom, 1)}`];
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
