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
      `{"text":"Hello","confidence":0.9,"text_region":${regionText}},` +
      `{"text":"World","confidence":0.9,"text_region":${regionText},` +
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

it('writeJson writes documents without pages', () => {
  expect(writeJson([])).toBe('{"documents":[]}\n');
  expect(writeJson([readDocument([], 'a')])).toBe('{"documents":[{"name":"a","pages":[]}]}\n');
});
