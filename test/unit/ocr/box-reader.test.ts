import { describe, expect, it } from 'vitest';
import type { Quad } from '../../../src/runtime/geometry/point.js';
import { blankImage } from '../../../src/runtime/image/image.js';
import { BoxReader } from '../../../src/runtime/ocr/box-reader.js';
import { systemParams } from '../../../src/runtime/ocr/params.js';

interface Answer {
  readonly text: string;
  readonly confidence: number;
}

/** A reader whose recognizer answers by the shape of a line: turned to lie, or standing. */
function readerOf(lying: Answer, standing: Answer) {
  const seen: { width: number; height: number }[] = [];
  const reader = new BoxReader(
    {
      recognize: (lines) => {
        seen.push(...lines.map(({ width, height }) => ({ width, height })));
        return Promise.resolve(lines.map(({ width, height }) => (width > height ? lying : standing)));
      },
    },
    () => Promise.resolve([]),
  );
  return { reader, seen };
}

const page = blankImage(200, 200);
const tall = (height: number): Quad => [
  [50, 20],
  [60, 20],
  [60, 20 + height],
  [50, 20 + height],
];
const params = systemParams.parse({});

describe('a narrow box', () => {
  it.each([
    ['a dash', { text: '一', confidence: 0.98 }, { text: 'I', confidence: 0.6 }, 'I'],
    ['two dashes', { text: '=', confidence: 0.73 }, { text: 'II', confidence: 0.9 }, 'II'],
    ['a letter that is surer as it stands', { text: 'C', confidence: 0.6 }, { text: '[', confidence: 0.9 }, '['],
    ['a letter that is surer turned', { text: '日', confidence: 0.9 }, { text: 'H', confidence: 0.7 }, '日'],
    ['a dash, and nothing as it stands', { text: '一', confidence: 0.9 }, { text: '', confidence: 0 }, '一'],
    ['a dash, and a guess as it stands', { text: '一', confidence: 0.9 }, { text: 'i', confidence: 0.2 }, '一'],
  ])('turned a quarter is %s', async (_, lying, standing, expected) => {
    const [line] = await readerOf(lying, standing).reader.read(page, [tall(30)], params);
    expect(line?.text).toBe(expected);
  });

  it.each([
    ['holds a longer text', tall(30), { text: '北京市', confidence: 0.5 }, {}],
    ['is more than five times as high as wide', tall(60), { text: '一', confidence: 0.5 }, {}],
    ['is read as by the original', tall(30), { text: '一', confidence: 0.5 }, { read_narrow: false }],
  ])('is read once if it %s', async (_, box, lying, given) => {
    const { reader, seen } = readerOf(lying, { text: 'I', confidence: 1 });
    const [line] = await reader.read(page, [box], systemParams.parse(given));
    expect(line?.text).toBe(lying.text);
    expect(seen).toHaveLength(1);
  });
});
