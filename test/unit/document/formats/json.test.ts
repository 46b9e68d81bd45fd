import { expect, it } from 'vitest';
import { writeJson } from '../../../../src/runtime/document/formats/json.js';
import { line, readDocument, readPage, rectangle, word } from '../../../helpers/read-documents.js';

const region = rectangle(1, 2, 9, 6);

it('writeJson writes the members of pages, lines and words in a fixed order, and leaves out others', () => {
  const angled = { ...line('World', region, [word('World', region)]), angle: '0' };
  const document = { ...readDocument([readPage([line('Hello', region), angled])], 'a.png'), bytes: Uint8Array.of(7) };
  const regionText = JSON.stringify(region);
  expect(writeJson([document])).toBe(
    `{"documents":[{"name":"a.png","pages":[{"page":1,"width":200,"height":100,"rotation":0,"lines":[` +
      `{"text":"Hello","confidence":0.9,"text_region":${regionText},"angle":0},` +
      `{"text":"World","confidence":0.9,"text_region":${regionText},"angle":0,` +
      `"words":[{"text":"World","confidence":0.875,"region":${regionText}}]}]}]}]}\n`,
  );
});

it('writeJson writes the resolution and the turn of a page, with size and regions of its file', () => {
  const page = readPage([line('a', region)], { number: 4, rotation: 90, dpi: 300 });
  const inItsFile = region.map(([x, y]) => [y, 199 - x]);
  expect(JSON.parse(writeJson([readDocument([page])]))).toMatchObject({
    documents: [
      { pages: [{ page: 4, width: 100, height: 200, rotation: 90, dpi: 300, lines: [{ text_region: inItsFile }] }] },
    ],
  });
});

it.each([
  [0, 'from left to right', rectangle(10, 10, 90, 30)],
  [
    2.9,
    'tilted',
    [
      [10, 10],
      [90, 14],
      [89, 34],
      [9, 30],
    ],
  ],
  [
    355.2,
    'rising',
    [
      [10, 20],
      [82, 14],
      [84, 34],
      [12, 40],
    ],
  ],
  [
    180,
    'upside down',
    [
      [90, 30],
      [10, 30],
      [10, 10],
      [90, 10],
    ],
  ],
  [
    270,
    'from bottom to top',
    [
      [10, 90],
      [10, 10],
      [30, 10],
      [30, 90],
    ],
  ],
  [
    90,
    'from top to bottom',
    [
      [30, 10],
      [30, 90],
      [10, 90],
      [10, 10],
    ],
  ],
  [90, 'a tall region, which is read from top to bottom', rectangle(10, 10, 30, 90)],
] as const)('writeJson writes the angle %d of a line %s', (angle, _, quad) => {
  const written = JSON.parse(writeJson([readDocument([readPage([line('Total', quad)])])])) as WithLines;
  expect(written.documents[0]?.pages[0]?.lines[0]?.angle).toBe(angle);
});

it('writeJson writes angles in the page of the file, which was turned before it was read', () => {
  const page = readPage([line('Total', rectangle(10, 10, 90, 30))], { rotation: 90 });
  const written = JSON.parse(writeJson([readDocument([page])])) as WithLines;
  expect(written.documents[0]?.pages[0]?.lines[0]?.angle).toBe(270);
});

interface WithLines {
  readonly documents: { readonly pages: { readonly lines: { readonly angle: number }[] }[] }[];
}

it('writeJson writes documents without pages', () => {
  expect(writeJson([])).toBe('{"documents":[]}\n');
  expect(writeJson([readDocument([], 'a')])).toBe('{"documents":[{"name":"a","pages":[]}]}\n');
});
