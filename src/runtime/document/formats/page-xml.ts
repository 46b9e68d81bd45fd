import { packageVersion } from '../../package.js';
import type { Point } from '../../geometry/point.js';
import type { ReadDocument } from '../read-document.js';
import { boxAround, filePages, type Box, type FileLine, type FilePage, type FileWord } from './file-page.js';
import { isRightToLeft } from '../line-text.js';
import { block, element, escapeXml, xmlDeclaration } from './xml.js';

/** PAGE XML 2019-07-15: a text for each page of all documents, since the format has one page a file. */
export function writePageXml(documents: readonly ReadDocument[], { created }: { readonly created: Date }): string[] {
  return filePages(documents).map((page) => {
    const time = created.toISOString();
    const metadata = block('Metadata', {}, [
      element('Creator', {}, `ocrhub ${packageVersion}`),
      element('Created', {}, time),
      element('LastChange', {}, time),
    ]);
    const xmlns = 'http://schema.primaresearch.org/PAGE/gts/pagecontent/2019-07-15';
    return `${xmlDeclaration}\n${block('PcGts', { xmlns }, [metadata, pageOf(page)])}\n`;
  });
}

function pageOf({ fileName, index, width, height, dpi, rotation, lines }: FilePage): string {
  const attributes = {
    imageFilename: fileName,
    imageWidth: width,
    imageHeight: height,
    imageXResolution: dpi,
    imageYResolution: dpi,
    imageResolutionUnit: dpi === undefined ? undefined : 'PPI',
    // The range is -179.999 to 180.
    orientation: rotation === 0 ? undefined : rotation === 270 ? -90 : rotation,
  };
  if (lines.length === 0) return block('Page', attributes, []);
  const regionRef = `region_${index}_1`;
  const order = block('OrderedGroup', { id: `order_${index}` }, [element('RegionRefIndexed', { index: 0, regionRef })]);
  const region = block('TextRegion', { id: regionRef }, [
    coordsOf(cornersOf(boxAround(lines))),
    ...lines.map((line, i) => lineOf(line, `${index}_${i + 1}`)),
    textOf(lines.map(({ text }) => text).join('\n')),
  ]);
  return block('Page', attributes, [block('ReadingOrder', {}, [order]), region]);
}

/** The baseline is the lower side of the region. */
function lineOf({ text, confidence, region, words }: FileLine, id: string): string {
  const [, , bottomRight, bottomLeft] = region;
  const readingDirection = isRightToLeft(text) ? 'right-to-left' : undefined;
  return block('TextLine', { id: `line_${id}`, readingDirection }, [
    coordsOf(region),
    element('Baseline', { points: [bottomLeft, bottomRight].join(' ') }),
    ...words.map((word, i) => wordOf(word, `${id}_${i + 1}`)),
    textOf(text, confidence),
  ]);
}

function wordOf({ text, confidence, region }: FileWord, id: string): string {
  return block('Word', { id: `word_${id}` }, [coordsOf(region), textOf(text, confidence)]);
}

function coordsOf(corners: readonly Point[]): string {
  return element('Coords', { points: corners.join(' ') });
}

function textOf(text: string, confidence?: number): string {
  const conf = confidence === undefined ? undefined : Number(confidence.toFixed(4));
  return element('TextEquiv', { conf }, element('Unicode', {}, escapeXml(text)));
}

function cornersOf({ left, top, right, bottom }: Box): Point[] {
  return [
    [left, top],
    [right, top],
    [right, bottom],
    [left, bottom],
  ];
}
