import { DOMParser, type Document, type Element } from '@xmldom/xmldom';
import { describe, expect, it } from 'vitest';
import { writeAlto } from '../../../../src/runtime/document/formats/alto.js';
import { filePages, type FilePage } from '../../../../src/runtime/document/formats/file-page.js';
import { writeHocr } from '../../../../src/runtime/document/formats/hocr.js';
import { writePageXml } from '../../../../src/runtime/document/formats/page-xml.js';
import type { Quad } from '../../../../src/runtime/geometry/point.js';
import { created, hardDocuments, line, readDocument, readPage, rectangle } from '../../../helpers/read-documents.js';

/** Throws where the text is no well-formed XML. */
function parse(xml: string): Document {
  const onError = (level: string, message: string): void => {
    // xmldom warns of each U+FFFD.
    if (level !== 'warning') throw new Error(`${level}: ${message}`);
  };
  return new DOMParser({ onError }).parseFromString(xml, 'text/xml');
}

const all = (node: Document | Element | undefined, tag: string): Element[] => [
  ...(node?.getElementsByTagName(tag) ?? []),
];
const ofClass = (node: Document | Element, name: string): Element[] =>
  all(node, '*').filter((element) => element.getAttribute('class') === name);
const get = (element: Element | undefined, name: string): string => element?.getAttribute(name) ?? '';
const numbers = (text: string): number[] => text.split(/[ ,]/).map(Number);
const textIn = (element: Element | undefined): string => element?.textContent ?? '';

function expectUnique(ids: readonly string[], atLeast: number): void {
  expect(ids.length).toBeGreaterThanOrEqual(atLeast);
  expect(new Set(ids).size).toBe(ids.length);
}

/** As XML can hold it. */
const written = (text: string): string => text.replace(/[\0\ud800](?![\udc00-\udfff])/g, '\ufffd');

/** What a format holds, for comparison with what was written. */
interface Found {
  readonly text: string;
  readonly box: readonly number[];
  readonly region: readonly number[];
  readonly confidence?: number;
}

const pages = filePages(hardDocuments);
const linesOf = (page: FilePage | undefined) => page?.lines ?? [];
const expectedWords = (page: FilePage | undefined): Found[] =>
  linesOf(page).flatMap(({ words }) =>
    words.map(({ text, box, region, confidence }) => ({
      text: written(text),
      box: [box.left, box.top, box.right, box.bottom],
      region: region.flat(),
      confidence,
    })),
  );
const expectedLines = (page: FilePage | undefined) =>
  linesOf(page).map(({ box, region }) => ({ box: [box.left, box.top, box.right, box.bottom], region: region.flat() }));

describe('writeHocr', () => {
  const titleOf = (element: Element): Map<string, string> =>
    new Map(
      get(element, 'title')
        .split('; ')
        .map((property) => [property.split(' ')[0] ?? '', property.slice(property.indexOf(' ') + 1)]),
    );
  const areaOf = (element: Element): Pick<Found, 'box' | 'region'> => {
    const title = titleOf(element);
    const [left = 0, top = 0, right = 0, bottom = 0] = numbers(title.get('bbox') ?? '');
    const box = rectangle(left, top, right, bottom).flat();
    return { box: [left, top, right, bottom], region: title.has('poly') ? numbers(title.get('poly') ?? '') : box };
  };
  const document = parse(writeHocr(hardDocuments));
  const ofRegion = (region: Quad): Element | undefined =>
    ofClass(parse(writeHocr([readDocument([readPage([line('a', region)])])])), 'ocr_line')[0];

  it('holds all words with their text, region and confidence', () => {
    expect(ofClass(document, 'ocr_page')).toHaveLength(5);
    ofClass(document, 'ocr_page').forEach((page, i) => {
      const words = ofClass(page, 'ocrx_word').map((word) => ({
        text: textIn(word),
        ...areaOf(word),
        confidence: Number(titleOf(word).get('x_wconf')),
      }));
      const expected = expectedWords(pages[i]).map(({ confidence = 0, ...word }) => ({
        ...word,
        // In the order of the corners of a box, where there is no `poly`.
        region: isBox(word) ? rectangle(...(word.box as [number, number, number, number])).flat() : word.region,
        confidence: Math.round(confidence * 100),
      }));
      expect(words).toEqual(expected);
    });
  });

  it('holds the text of lines with the spaces between words', () => {
    expect(ofClass(document, 'ocr_line').map(textIn)).toEqual(
      pages.flatMap(({ lines }) => lines.map(({ text }) => written(text))),
    );
  });

  it('describes the system, its capabilities and the pages', () => {
    const metas = new Map(all(document, 'meta').map((meta) => [get(meta, 'name'), get(meta, 'content')]));
    expect(metas.get('ocr-system')).toMatch(/^ocrhub \d+\.\d+\.\d+/);
    expect(metas.get('ocr-capabilities')?.split(' ')).toEqual(expect.arrayContaining(['ocr_page', 'ocrp_poly']));
    expect(metas.get('ocr-number-of-pages')).toBe('5');
    expect([metas.has('ocr-langs'), metas.has('ocr-scripts')]).toEqual([false, false]);
    expect(ofClass(document, 'ocr_page').map((page) => get(page, 'title'))).toEqual([
      'image "two_ _pages_ & more.tiff"; bbox 0 0 200 100; ppageno 0; scan_res 150 150',
      'image "two_ _pages_ & more.tiff"; bbox 0 0 200 100; ppageno 1',
      'image "two_ _pages_ & more.tiff"; bbox 0 0 200 100; ppageno 2',
      'image "scan.png"; bbox 0 0 100 200; ppageno 0; scan_res 73 73',
      'image "scan.png"; bbox 0 0 200 100; ppageno 0',
    ]);
    expect(textIn(all(document, 'title')[0])).toBe('two; "pages" & more.tiff, scan.png');
  });

  it('has unique ids', () => {
    expectUnique(all(document, '*').map((element) => get(element, 'id')).filter((id) => id !== ''), 30); // prettier-ignore
  });

  it('marks lines that run from right to left', () => {
    const marked = ofClass(document, 'ocr_line').filter((element) => get(element, 'dir') === 'rtl');
    expect(marked.map(textIn)).toEqual(['שלום עולם']);
  });

  it.each<[string, Quad, string]>([
    ['an upright line', rectangle(10, 10, 90, 30), 'bbox 10 10 90 30'],
    [
      'a line that falls',
      [[10, 10], [90, 18], [88, 38], [8, 30]], // prettier-ignore
      'bbox 8 10 90 38; poly 10 10 90 18 88 38 8 30; baseline 0.1 -8',
    ],
    [
      'a line that rises',
      [[8, 20], [88, 10], [90, 28], [10, 38]], // prettier-ignore
      'bbox 8 10 90 38; poly 8 20 88 10 90 28 10 38; baseline -0.125 0.3',
    ],
    ['a line that runs upward', [[10, 90], [10, 10], [30, 10], [30, 90]], 'bbox 10 10 30 90; textangle 90'], // prettier-ignore
    ['a line that runs downward', [[30, 10], [30, 90], [10, 90], [10, 10]], 'bbox 10 10 30 90; textangle 270'], // prettier-ignore
    ['a line upside down', [[90, 30], [10, 30], [10, 10], [90, 10]], 'bbox 10 10 90 30; textangle 180'], // prettier-ignore
  ])('describes how %s is tilted', (_, region, title) => {
    expect(get(ofRegion(region), 'title')).toBe(title);
  });
});

function isBox({ box, region }: Found): boolean {
  const [left, top, right, bottom] = box;
  return region.every((value, i) => (i % 2 === 0 ? [left, right] : [top, bottom]).includes(value));
}

describe('writeAlto', () => {
  const document = parse(writeAlto(hardDocuments, { created }));
  const areaOf = (element: Element): Pick<Found, 'box' | 'region'> => {
    const [left = 0, top = 0, width = 0, height = 0] = ['HPOS', 'VPOS', 'WIDTH', 'HEIGHT'].map((name) =>
      Number(get(element, name)),
    );
    const polygon = numbers(get(all(element, 'Polygon')[0], 'POINTS'));
    return { box: [left, top, left + width, top + height], region: polygon };
  };

  it('holds all lines and words with their text, region and confidence', () => {
    const found = all(document, 'Page');
    expect(found).toHaveLength(5);
    found.forEach((page, i) => {
      const words = all(page, 'String').map((word) => ({
        text: get(word, 'CONTENT'),
        ...areaOf(word),
        confidence: Number(get(word, 'WC')),
      }));
      const expected = expectedWords(pages[i]).map(({ confidence = 0, ...word }) => ({
        ...word,
        confidence: Number(confidence.toFixed(4)),
      }));
      expect(words).toEqual(expected);
      expect(all(page, 'TextLine').map(areaOf)).toEqual(expectedLines(pages[i]));
    });
  });

  it('has the size, number and turn of each page', () => {
    const attributes = ['PHYSICAL_IMG_NR', 'WIDTH', 'HEIGHT', 'ROTATION'];
    expect(all(document, 'Page').map((page) => attributes.map((name) => get(page, name)))).toEqual([
      ['1', '200', '100', ''],
      ['2', '200', '100', ''],
      ['3', '200', '100', ''],
      ['1', '100', '200', '90'],
      ['1', '200', '100', ''],
    ]);
  });

  it('writes a space between words that a space separates', () => {
    const children = (line: Element | undefined): string[] =>
      [...(line?.childNodes ?? [])].map(({ nodeName }) => nodeName).filter((name) => name !== '#text');
    const lines = all(document, 'TextLine');
    expect(lines.slice(0, 5).map(children)).toEqual([
      ['Shape', 'String', 'SP', 'String'],
      ['Shape', 'String'],
      ['Shape', 'String'],
      ['Shape', 'String', 'String', 'SP', 'String'],
      ['Shape', 'String', 'SP', 'String'],
    ]);
    const places = all(document, 'SP').map((space) => ['HPOS', 'VPOS', 'WIDTH'].map((name) => get(space, name)));
    expect(places).toEqual([
      ['50', '10', '5'],
      ['50', '10', '5'],
      ['145', '10', '5'],
    ]);
  });

  it('names the file of one document, and identifies several', () => {
    expect(all(document, 'fileName')).toEqual([]);
    expect(all(document, 'fileIdentifier').map(textIn)).toEqual(['two; "pages" & more.tiff', 'scan.png', 'scan.png']);
    const one = parse(writeAlto([readDocument([readPage([])], '<a>.png')], { created }));
    expect(all(one, 'fileName').map(textIn)).toEqual(['<a>.png']);
  });

  it('has unique ids, the time, and the direction of lines from right to left', () => {
    expectUnique(all(document, '*').map((element) => get(element, 'ID')).filter((id) => id !== ''), 30); // prettier-ignore
    expect(all(document, 'processingDateTime').map(textIn)).toEqual(['2026-11-30T12:00:00.000Z']);
    const directions = all(document, 'TextLine').map((element) => get(element, 'BASEDIRECTION'));
    expect(directions.filter((direction) => direction === 'rtl')).toHaveLength(1);
  });
});

describe('writePageXml', () => {
  const documents = writePageXml(hardDocuments, { created }).map(parse);
  const pointsOf = (element: Element): number[] => numbers(get(all(element, 'Coords')[0], 'points'));
  const childText = (element: Element): string =>
    textIn([...element.childNodes].filter((node) => node.nodeName === 'TextEquiv').at(-1) as Element | undefined);

  it('holds all lines and words with their text, region and confidence', () => {
    expect(documents).toHaveLength(5);
    documents.forEach((document, i) => {
      const page = pages[i];
      const words = all(document, 'Word').map((word) => ({
        text: childText(word),
        region: pointsOf(word),
        confidence: Number(get(all(word, 'TextEquiv')[0], 'conf')),
      }));
      const expected = expectedWords(page).map(({ text, region, confidence = 0 }) => ({
        text,
        region,
        confidence: Number(confidence.toFixed(4)),
      }));
      expect(words).toEqual(expected);
      const lines = all(document, 'TextLine').map((line) => ({ text: childText(line), region: pointsOf(line) }));
      expect(lines).toEqual(linesOf(page).map(({ text, region }) => ({ text: written(text), region: region.flat() })));
    });
  });

  it('has the picture, its size, resolution and orientation', () => {
    const names = ['imageFilename', 'imageWidth', 'imageHeight', 'imageXResolution', 'orientation'];
    const values = documents.map((document) => names.map((name) => get(all(document, 'Page')[0], name)));
    expect(values).toEqual([
      ['two; "pages" & more.tiff', '200', '100', '150', ''],
      ['two; "pages" & more.tiff', '200', '100', '', ''],
      ['two; "pages" & more.tiff', '200', '100', '', ''],
      ['scan.png', '100', '200', '72.5', '90'],
      ['scan.png', '200', '100', '', ''],
    ]);
    const turned = readDocument([readPage([], { rotation: 270 })]);
    expect(get(all(parse(writePageXml([turned], { created })[0] ?? ''), 'Page')[0], 'orientation')).toBe('-90');
  });

  it('has unique ids over all pages, and the time', () => {
    const ids = documents.flatMap((document) => all(document, '*').map((element) => get(element, 'id')));
    expectUnique(
      ids.filter((id) => id !== ''),
      25,
    );
    expect(all(documents[0], 'Created').map(textIn)).toEqual(['2026-11-30T12:00:00.000Z']);
  });

  it('writes no text region for an empty page', () => {
    expect(documents.map((document) => all(document, 'TextRegion').length)).toEqual([1, 0, 1, 1, 1]);
  });
});
