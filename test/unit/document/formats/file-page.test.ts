import { describe, expect, it } from 'vitest';
import { filePages } from '../../../../src/runtime/document/formats/file-page.js';
import type { Rotation } from '../../../../src/runtime/document/page.js';
import { line, readDocument, readPage, rectangle, word } from '../../../helpers/read-documents.js';

const only = (...args: Parameters<typeof readPage>) => filePages([readDocument([readPage(...args)])])[0];

describe('filePages', () => {
  // A page of 200 x 100 as it was read. Its line is at the top left of the turned page.
  it.each<[Rotation, number[], number[][]]>([
    [0, [200, 100], [[10, 20], [60, 20], [60, 40], [10, 40]]], // prettier-ignore
    [90, [100, 200], [[20, 189], [20, 139], [40, 139], [40, 189]]], // prettier-ignore
    [180, [200, 100], [[189, 79], [139, 79], [139, 59], [189, 59]]], // prettier-ignore
    [270, [100, 200], [[79, 10], [79, 60], [59, 60], [59, 10]]], // prettier-ignore
  ])('moves the regions of a page turned by %i degrees to its place in the file', (rotation, size, region) => {
    const page = only([line('a', rectangle(10, 20, 60, 40))], { rotation });
    expect([page?.width, page?.height]).toEqual(size);
    expect(page?.lines[0]?.region).toEqual(region);
    expect(page?.lines[0]?.words[0]?.region).toEqual(region);
  });

  const tall = rectangle(10, 10, 30, 90);
  const wide = rectangle(10, 10, 90, 30);
  it.each([
    ['wide', 'ab cd', wide, [rectangle(10, 10, 40, 30), rectangle(50, 10, 90, 30)], [10, 10]],
    ['wide and upside down', 'ab cd', wide, [rectangle(50, 10, 90, 30), rectangle(10, 10, 40, 30)], [90, 30]],
    ['wide and from right to left', 'של ום', wide, [rectangle(50, 10, 90, 30), rectangle(10, 10, 40, 30)], [10, 10]],
    ['wide, upside down and from right to left', 'של ום', wide, [rectangle(10, 10, 40, 30), rectangle(50, 10, 90, 30)], [90, 30]], // prettier-ignore
    ['tall', 'ab cd', tall, [rectangle(10, 10, 30, 40), rectangle(10, 50, 30, 90)], [30, 10]],
    ['tall and upside down', 'ab cd', tall, [rectangle(10, 50, 30, 90), rectangle(10, 10, 30, 40)], [10, 90]],
    ['tall, without words', 'ab cd', tall, [], [30, 10]],
    ['tall, of one character', '中', tall, [], [10, 10]],
    ['upside down, of one word', 'ab', wide, [wide], [10, 10]],
  ])('begins the corners of a line at the first letter: %s', (_, text, region, regions, corner) => {
    const texts = text.split(' ');
    const words = regions.map((each, i) => word(texts[i] ?? '', each));
    const found = only([line(text, region, words)], { height: 200 })?.lines[0];
    expect(found?.region[0]).toEqual(corner);
    // The words' corners have the same order.
    const at = region.findIndex(([x, y]) => x === corner[0] && y === corner[1]);
    expect(found?.words.map((each) => each.region[0])).toEqual((regions.length === 0 ? [region] : regions).map((each) => each[at])); // prettier-ignore
  });

  it('rounds corners and moves those outside to the border', () => {
    const page = only([line('a', rectangle(-3.2, 10.4, 900, 30.5))]);
    expect(page?.lines[0]?.region).toEqual(rectangle(0, 10, 199, 31));
  });

  it('leaves out lines and words without text', () => {
    const page = only([
      line(' ', rectangle(0, 0, 9, 9)),
      line('a', rectangle(0, 0, 9, 9), [word('a', rectangle(0, 0, 3, 9)), word('', rectangle(4, 0, 9, 9))]),
    ]);
    expect(page?.lines.map(({ words }) => words.map(({ text }) => text))).toEqual([['a']]);
  });

  it.each([
    ['two words', ['two', 'words'], [false, true]],
    ['两个字', ['两', '个', '字'], [false, false, false]],
    ['第 2 页', ['第', '2', '页'], [false, true, true]],
    ['a a a', ['a', 'a', 'a'], [false, true, true]],
    ['aaa', ['a', 'a', 'a'], [false, false, false]],
    ['of a module', ['of', 'its', 'own'], [false, true, true]],
  ])('tells which words of "%s" follow a space', (text, words, spaced) => {
    const page = only([
      line(
        text,
        rectangle(0, 0, 90, 9),
        words.map((part) => word(part, rectangle(0, 0, 9, 9))),
      ),
    ]);
    expect(page?.lines[0]?.words.map(({ isSpaced }) => isSpaced)).toEqual(spaced);
  });

  it('counts the pages of all documents', () => {
    const pages = filePages([
      readDocument([readPage([], { number: 3 }), readPage([], { number: 5 })], 'a'),
      readDocument([readPage([])], 'b'),
    ]);
    expect(pages.map(({ index, number, fileName }) => [index, number, fileName])).toEqual([
      [1, 3, 'a'],
      [2, 5, 'a'],
      [3, 1, 'b'],
    ]);
  });

  it('keeps confidences between 0 and 1', () => {
    const page = only([
      line('a', rectangle(0, 0, 9, 9), undefined, 1.0001),
      line('b', rectangle(0, 0, 9, 9), undefined, -1),
    ]);
    expect(page?.lines.map(({ confidence }) => confidence)).toEqual([1, 0]);
  });
});
