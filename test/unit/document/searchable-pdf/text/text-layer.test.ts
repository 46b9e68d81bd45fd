import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import type { PageLine } from '../../../../../src/runtime/document/page.js';
import { writeSearchablePdf } from '../../../../../src/runtime/document/searchable-pdf/write.js';
import { boxIou, lineOf, pageOf, readBack, turnedBox, type FoundPage } from '../../../../helpers/searchable-pdf.js';

let picture: Buffer;

beforeAll(async () => {
  picture = await sharp({ create: { width: 800, height: 600, channels: 3, background: '#fff' } })
    .png()
    .toBuffer();
});

async function found(...lines: readonly PageLine[]): Promise<FoundPage> {
  const document = { name: '', bytes: picture, pages: [pageOf(lines, { dpi: 200 })] };
  const [page] = await readBack(await writeSearchablePdf([document]));
  if (page === undefined) throw new Error('no page');
  return page;
}

const at = turnedBox([100, 100], [400, 40]);

/** Words side by side, each as long as it has letters, with a space between them. */
function words(texts: readonly string[], [x, y]: readonly [number, number], letter = 20): PageLine['words'] {
  let left = x;
  return texts.map((text) => {
    const region = turnedBox([left, y], [text.length * letter, 40]);
    left += (text.length + 0.5) * letter;
    return { text, confidence: 1, region };
  });
}

describe('a reader finds the text of a line', () => {
  it.each([
    'Hello world',
    'A B C 1 2 3',
    'x',
    '中文测试的一行文字。',
    '混合 mixed 文字 and tea',
    '𠮷野家 🍵 𠀋',
    'private \ue000 and \uf8ff',
    'brackets (and) back\\slash <>',
    'characters whose codes hold a carriage return: \u0d0d \u0d28',
    'שלום עולם',
    'مرحبا بالعالم',
    'مَرْحَبًا بِكَ',
    'Ελληνικά, русский, ไทย, हिन्दी',
  ])('without word boxes: %s', async (text) => {
    expect((await found(lineOf(text, at))).lines).toEqual([text]);
  });

  it('once, with single spaces and without control characters', async () => {
    expect((await found(lineOf('  a \u0000\t b\n c ', at))).lines).toEqual(['a b c']);
  });

  it('not at all if it is empty', async () => {
    expect((await found(lineOf('', at), lineOf(' \n ', at, []))).lines).toEqual([]);
  });

  it.each([2, 4, 8, 20, 60, -5, -30, -80])('tilted by %d degrees', async (degrees) => {
    const line = lineOf('three tilted words', turnedBox([300, 300], [250, 30], degrees));
    const page = await found(line);
    expect(page.lines.join(' ')).toBe('three tilted words');
  });

  it('in the order of the lines where the end of one is as high as the beginning of the next', async () => {
    const lines = ['the quick brown fox', 'jumps over the lazy', 'dog and a cat'];
    const page = await found(...lines.map((text, i) => lineOf(text, turnedBox([50, 50 + i * 40], [650, 30], 3.5))));
    expect(page.lines).toEqual(lines);
  });

  it('in vertical lines, from the right', async () => {
    const columns = ['竖排中文文字', '第二列在左边', 'down the page'];
    const page = await found(...columns.map((text, i) => lineOf(text, turnedBox([500 - i * 60, 50], [40, 500]))));
    expect(page.lines).toEqual(columns);
  });

  it('that is upside down, in the order of its words', async () => {
    const region = turnedBox([100, 100], [500, 40]);
    const line = lineOf('one two six', region, [
      { text: 'one', confidence: 1, region: turnedBox([450, 100], [150, 40]) },
      { text: 'two', confidence: 1, region: turnedBox([280, 100], [150, 40]) },
      { text: 'six', confidence: 1, region: turnedBox([100, 100], [150, 40]) },
    ]);
    const page = await found(line);
    expect(page.lines.join(' ')).toBe('one two six');
    page.words.forEach(({ region: box }, i) => expect(boxIou(box, line.words?.[i]?.region ?? [])).toBeGreaterThan(0.8));
  });
});

describe('a word', () => {
  it('is in its box', async () => {
    const line = lineOf('wide i narrow', at, [
      { text: 'wide', confidence: 1, region: turnedBox([100, 104], [220, 34]) },
      { text: 'i', confidence: 1, region: turnedBox([340, 104], [8, 34]) },
      { text: 'narrow', confidence: 1, region: turnedBox([365, 104], [60, 34]) },
    ]);
    const page = await found(line);
    expect(page.words.map(({ text }) => text)).toEqual(['wide', 'i', 'narrow']);
    page.words.forEach(({ region }, i) => expect(boxIou(region, line.words?.[i]?.region ?? [])).toBeGreaterThan(0.8));
  });

  it('of Hebrew is in its box, with the first word at the right', async () => {
    const line = lineOf('שלום עולם', at, [
      { text: 'שלום', confidence: 1, region: turnedBox([300, 100], [200, 40]) },
      { text: 'עולם', confidence: 1, region: turnedBox([100, 100], [180, 40]) },
    ]);
    const page = await found(line);
    expect(page.lines).toEqual(['שלום עולם']);
    page.words.forEach(({ region }, i) => expect(boxIou(region, line.words?.[i]?.region ?? [])).toBeGreaterThan(0.9));
  });

  it('is not the same word as the next one, however near', async () => {
    const regions = [turnedBox([100, 100], [100, 40]), turnedBox([201, 100], [100, 40])];
    const line = lineOf('near miss', at, [
      { text: 'near', confidence: 1, region: regions[0] ?? at },
      { text: 'miss', confidence: 1, region: regions[1] ?? at },
    ]);
    expect((await found(line)).lines).toEqual(['near miss']);
  });

  it('has no space before the next one if the line has none', async () => {
    const texts = Array.from('汉字。间隔很大');
    const line = lineOf(texts.join(''), turnedBox([50, 100], [700, 40]), words(texts, [50, 100], 60));
    expect((await found(line)).lines).toEqual([texts.join('')]);
  });

  it('counts less than the text of its line', async () => {
    const line = lineOf('the text of the line', at, words(['other', 'words'], [100, 100]));
    expect((await found(line)).lines).toEqual(['the text of the line']);
  });
});

it.each([
  ['a region without size', turnedBox([10, 10], [0, 0])],
  ['a region outside of the page', turnedBox([-5000, 9000], [100, 20])],
  ['enormous numbers', turnedBox([1e300, -1e300], [1e200, 1e200])],
  ['no numbers', turnedBox([Number.NaN, Infinity], [9, 9])],
])('a line with %s makes no damaged file', async (_, region) => {
  const page = await found(lineOf('odd one', region), lineOf('good line', at));
  expect(page.lines).toContain('good line');
});
