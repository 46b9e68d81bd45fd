import { describe, expect, it } from 'vitest';
import { pagesOf, textOf } from '../../../src/page/server/answer.js';
import { parseServerTiming } from '../../../src/page/server/stage-times.js';

const region = [
  [0, 0],
  [9, 0],
  [9, 4],
  [0, 4],
];

function answer(result: unknown, results: unknown = [result]): unknown {
  return { msg: '', status: '000', results, pages: [[{ page: 3, width: 100, height: 50, picture: 'AAAA', result }]] };
}

describe('pagesOf', () => {
  it('takes the lines of ocr_system with their places', () => {
    const line = { text: 'Hello', confidence: 0.9, text_region: region };
    expect(pagesOf(answer([line]))).toEqual([
      {
        number: 3,
        width: 100,
        height: 50,
        picture: 'AAAA',
        lines: [{ text: 'Hello', confidence: 0.9, region }],
        entry: [line],
      },
    ]);
  });

  it.each([
    ['the regions of ocr_det', [{ text_region: region }], [{ text: '', confidence: undefined, region }]],
    ['the line of ocr_rec', { text: 'Hi', confidence: 1 }, [{ text: 'Hi', confidence: 1, region: undefined }]],
    ['the angle of ocr_cls', { angle: 180, confidence: 1 }, [{ text: '180°', confidence: 1, region: undefined }]],
    ['lists within lists', [[{ text: 'a' }], [[{ text: 'b' }]]], [{ text: 'a' }, { text: 'b' }]],
    ['nothing in another answer', { total: '9.50', items: 3 }, []],
    ['nothing in a text', 'word', []],
    ['nothing in null', null, []],
  ])('finds %s', (_, result, lines) => {
    expect(pagesOf(answer(result))[0]?.lines).toEqual(lines);
  });

  it.each([
    ['too few corners', region.slice(1)],
    ['a corner that is no number', [['0', 0], ...region.slice(1)]],
    ['a corner at infinity', [[Number.POSITIVE_INFINITY, 0], ...region.slice(1)]],
    ['a text', 'M0 0'],
  ])('takes no region with %s', (_, text_region) => {
    expect(pagesOf(answer([{ text: 'a', text_region }]))[0]?.lines[0]?.region).toBeUndefined();
  });

  it('takes the whole answer of a module that has none for each page', () => {
    expect(pagesOf(answer(undefined, { total: 3 }))[0]?.entry).toEqual({ total: 3 });
  });

  it.each([[{}], [null], [{ results: [[]] }], [{ pages: [null] }]])('refuses an answer without pages: %j', (value) => {
    expect(() => pagesOf(value)).toThrow('The answer has no pages. Is it a server of ocrhub 0.2 or later?');
  });
});

describe('textOf', () => {
  const page = (...texts: string[]) => ({ lines: texts.map((text) => ({ text, confidence: 1, region: undefined })) });

  it('has a row for each line, and an empty row between two pages that have text', () => {
    const pages = [page('a', 'b'), page(), page('', 'c')] as unknown as Parameters<typeof textOf>[0];
    expect(textOf(pages)).toBe('a\nb\n\nc');
  });
});

describe('parseServerTiming', () => {
  it('reads the header of a server, without the old name of recognize', () => {
    const header = 'queue;dur=0.6, decode;dur=10.5, recognize;dur=64.1, recognise;dur=64.1, total;dur=123.3';
    expect(parseServerTiming(header)).toEqual([
      { name: 'queue', ms: 0.6 },
      { name: 'decode', ms: 10.5 },
      { name: 'recognize', ms: 64.1 },
      { name: 'total', ms: 123.3 },
    ]);
  });

  it('skips what a proxy adds in another form', () => {
    expect(parseServerTiming('cache;desc="hit", edge;desc="x";dur=2, ;dur=1, total;dur=x')).toEqual([
      { name: 'edge', ms: 2 },
    ]);
    expect(parseServerTiming('')).toEqual([]);
  });
});
