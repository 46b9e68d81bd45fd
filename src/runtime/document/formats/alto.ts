import { packageVersion } from '../../package.js';
import type { ReadDocument } from '../read-document.js';
import { boxAround, filePages, type Box, type FileLine, type FilePage, type FileWord } from './file-page.js';
import { isRightToLeft } from '../line-text.js';
import { block, element, escapeXml, xmlDeclaration, type Attributes } from './xml.js';

/** ALTO 4.4: one `Page` for each page of all documents. */
export function writeAlto(documents: readonly ReadDocument[], { created }: { readonly created: Date }): string {
  const pages = filePages(documents);
  const alto = block(
    'alto',
    {
      xmlns: 'http://www.loc.gov/standards/alto/ns-v4#',
      'xmlns:xsi': 'http://www.w3.org/2001/XMLSchema-instance',
      'xsi:schemaLocation':
        'http://www.loc.gov/standards/alto/ns-v4# http://www.loc.gov/standards/alto/v4/alto-4-4.xsd',
      SCHEMAVERSION: '4.4',
    },
    [descriptionOf(documents, created), block('Layout', {}, pages.map(pageOf))],
  );
  return `${xmlDeclaration}\n${alto}\n`;
}

/** ALTO has one file name. The names of several documents are identifiers. */
function descriptionOf(documents: readonly ReadDocument[], created: Date): string {
  const tag = documents.length === 1 ? 'fileName' : 'fileIdentifier';
  const names = documents.map(({ name }) => element(tag, {}, escapeXml(name)));
  const software = block('processingSoftware', {}, [
    element('softwareName', {}, 'ocrhub'),
    element('softwareVersion', {}, packageVersion),
  ]);
  return block('Description', {}, [
    element('MeasurementUnit', {}, 'pixel'),
    block('sourceImageInformation', {}, names),
    block('Processing', { ID: 'processing_1' }, [element('processingDateTime', {}, created.toISOString()), software]),
  ]);
}

function pageOf({ index, number, width, height, rotation, lines }: FilePage): string {
  const attributes = {
    ID: `page_${index}`,
    PHYSICAL_IMG_NR: number,
    WIDTH: width,
    HEIGHT: height,
    ROTATION: rotation === 0 ? undefined : rotation,
  };
  const space = { HPOS: 0, VPOS: 0, WIDTH: width, HEIGHT: height };
  const blocks =
    lines.length === 0
      ? []
      : [
          block(
            'TextBlock',
            { ID: `block_${index}_1`, ...placeOf(boxAround(lines)) },
            lines.map((line, i) => lineOf(line, `${index}_${i + 1}`)),
          ),
        ];
  return block('Page', attributes, [block('PrintSpace', space, blocks)]);
}

/** The baseline is the lower side of the region. */
function lineOf({ text, region, box, words }: FileLine, id: string): string {
  const [, , bottomRight, bottomLeft] = region;
  const attributes = {
    ID: `line_${id}`,
    ...placeOf(box),
    BASELINE: [bottomLeft, bottomRight].join(' '),
    BASEDIRECTION: isRightToLeft(text) ? 'rtl' : undefined,
  };
  const strings = words.flatMap((word, i) => {
    const before = words[i - 1];
    const string = wordOf(word, `${id}_${i + 1}`);
    return before !== undefined && word.isSpaced ? [spaceBetween(before.box, word.box), string] : [string];
  });
  return block('TextLine', attributes, [shapeOf(region), ...strings]);
}

function wordOf({ text, confidence, region, box }: FileWord, id: string): string {
  const WC = Number(confidence.toFixed(4));
  return element('String', { ID: `word_${id}`, CONTENT: text, ...placeOf(box), WC }, shapeOf(region));
}

function shapeOf(region: FileWord['region']): string {
  return element('Shape', {}, element('Polygon', { POINTS: region.join(' ') }));
}

/** Without a place where the words are not side by side, as in a vertical line. */
function spaceBetween(before: Box, after: Box): string {
  const [left, right] = before.left <= after.left ? [before, after] : [after, before];
  if (left.right > right.left) return element('SP', {});
  return element('SP', { HPOS: left.right, VPOS: left.top, WIDTH: right.left - left.right });
}

function placeOf({ left, top, right, bottom }: Box): Attributes {
  return { HPOS: left, VPOS: top, WIDTH: right - left, HEIGHT: bottom - top };
}
