import { describe, expect, it } from 'vitest';
import { entryToRows, pageToRows, pageToText } from '../../../src/runtime/document/formats/text.js';
import { regionsOf, toPage } from '../../../src/runtime/document/page.js';

const region = [
  [1, 2],
  [9, 2],
  [9, 6],
  [1, 6],
];
const line = { confidence: 0.98, text: 'Hello', text_region: region };
const word = { text: 'Hello', confidence: 0.98, region };
const size = { width: 20, height: 10 };

describe('toPage', () => {
  it('converts lines with and without words to a page', () => {
    expect(toPage(size, [line, { ...line, words: [word] }])).toEqual({
      ...size,
      rotation: 0,
      lines: [line, { ...line, words: [word] }],
    });
  });

  it('converts an answer without lines to an empty page', () => {
    expect(toPage(size, [])?.lines).toEqual([]);
  });

  it.each([
    ['text', 'Hello'],
    ['null', null],
    ['a line without a region', [{ text: 'Hello', confidence: 1 }]],
    ['a region of three corners', [{ ...line, text_region: region.slice(1) }]],
    ['a corner that is no point', [{ ...line, text_region: [...region.slice(1), [1, '2']] }]],
    ['a corner that is not finite', [{ ...line, text_region: [...region.slice(1), [1, NaN]] }]],
    ['a confidence that is not finite', [{ ...line, confidence: Infinity }]],
    ['words without regions', [{ ...line, words: [{ text: 'Hello', confidence: 1 }] }]],
  ])('returns undefined for %s', (_, entry) => {
    expect(toPage(size, entry)).toBeUndefined();
  });
});

describe('regionsOf', () => {
  it('returns only the regions of an answer', () => {
    expect(regionsOf([{ text_region: region }, { text: 'a' }, null, 7, { text_region: 'x' }])).toEqual([region]);
    expect(regionsOf('text')).toEqual([]);
  });
});

describe('formats of a page:', () => {
  const page = { ...size, rotation: 0, lines: [line, { ...line, text: 'World' }] } as const;

  it('pageToText writes one row per line', () => {
    const quad = toPage(size, page.lines);
    expect(quad && pageToText(quad)).toBe('Hello\nWorld');
  });

  it('pageToRows writes confidence and text of each line, as entryToRows does for the same answer', () => {
    const quad = toPage(size, page.lines);
    expect(quad && pageToRows(quad)).toEqual(['0.980  Hello', '0.980  World']);
    expect(entryToRows(page.lines)).toEqual(['0.980  Hello', '0.980  World']);
  });
});

describe('entryToRows', () => {
  it('writes confidence and text of an item that has both, and JSON for any other item', () => {
    expect(entryToRows([line, { text: 'a' }, 7])).toEqual(['0.980  Hello', '{"text":"a"}', '7']);
  });

  it('writes an answer that is not a list as one row', () => {
    expect(entryToRows({ angle: '0' })).toEqual(['{"angle":"0"}']);
  });
});
