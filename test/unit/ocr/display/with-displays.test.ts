import { describe, expect, it } from 'vitest';
import type { Quad } from '../../../../src/runtime/geometry/point.js';
import { blankImage, type Image } from '../../../../src/runtime/image/image.js';
import { withDisplays } from '../../../../src/runtime/ocr/display/with-displays.js';

const lit: Readonly<Record<string, string>> = {
  '0': 'abcdef',
  '1': 'bc',
  '2': 'abged',
  '3': 'abgcd',
  '4': 'fgbc',
  '5': 'afgcd',
  '6': 'afgedc',
  '7': 'abc',
  '8': 'abcdefg',
  '9': 'abcdfg',
  '-': 'g',
};

const left = 60;
const top = 30;
const height = 60;
const width = 32;
const stroke = 6;
const advance = 40;

interface Look {
  /** From 0 to 255. */
  readonly ink?: number;
  readonly ground?: number;
  /** Of segments that are off. */
  readonly ghost?: number;
  readonly slant?: number;
}

/** A picture of a number on a display; its first digit begins at `left`. */
function displayOf(text: string, { ink = 20, ground = 230, ghost = ground, slant = 0 }: Look = {}): Image {
  const image = blankImage(left * 2 + advance * text.length, top * 2 + height);
  image.data.fill(ground);
  const fill = (x0: number, y0: number, x1: number, y1: number, value: number): void => {
    for (let y = y0; y < y1; y++) {
      const shift = Math.round((top + height - y) * slant);
      image.data.fill(value, (y * image.width + x0 + shift) * 3, (y * image.width + x1 + shift) * 3);
    }
  };
  let x = left;
  for (const character of text) {
    const [right, middle, bottom] = [x + width, top + height / 2, top + height];
    const half = stroke / 2;
    if (character === ' ') x += advance;
    else if (character === '.') fill(right - advance - 1, bottom - stroke, x + 1, bottom, ink);
    else if (character === ':') {
      for (const share of [0.3, 0.7]) {
        const y = top + height * share;
        fill(x + 2, y - half, x + 2 + stroke, y + half, ink);
      }
      x += stroke * 2 + 4;
    } else {
      const segments: Readonly<Record<string, readonly [number, number, number, number]>> = {
        a: [x, top, right, top + stroke],
        g: [x, middle - half, right, middle + half],
        d: [x, bottom - stroke, right, bottom],
        b: [right - stroke, top, right, middle - 1],
        c: [right - stroke, middle + 1, right, bottom],
        f: [x, top, x + stroke, middle - 1],
        e: [x, middle + 1, x + stroke, bottom],
      };
      const on = lit[character] ?? '';
      for (const [name, sides] of Object.entries(segments)) if (!on.includes(name)) fill(...sides, ghost);
      for (const name of on) fill(...(segments[name] ?? [0, 0, 0, 0]), ink);
      x += advance;
    }
  }
  return image;
}

/** The box around some columns of digits. */
function boxOf(from: number, to: number): Quad {
  const [x0, x1, y0, y1] = [left + from * advance - 6, left + to * advance - 2, top - 10, top + height + 10];
  return [
    [x0, y0],
    [x1, y0],
    [x1, y1],
    [x0, y1],
  ];
}

const line = (text: string, from: number, to: number) => ({ text, confidence: 0.9, text_region: boxOf(from, to) });
const textsOf = (...given: Parameters<typeof withDisplays>): string[] => withDisplays(...given).map(({ text }) => text);

describe('a number on a display', () => {
  it.each<[string, string, string, Look?]>([
    ['a point that touches both digits', '4.24', '424'],
    ['two points', '20.11.65', '201165'],
    ['the room of a 1, which is no space', '281911', '2819 1 1'],
    ['a minus with room of its own', '-9.20', '- 9.20'],
    ['a colon', '05:21', '0521'],
    ['digits that lean', '68.46', '6846', { slant: 0.14 }],
    ['light digits', '32.05', '3205', { ink: 240, ground: 10 }],
    ['segments that are off and can be seen', '32.05', '3205', { ghost: 205 }],
    ['a 1 that the recognizer missed', '41.12', '4 .12'],
  ])('is read with %s', (_, text, read, look) => {
    const digits = text.replaceAll(/[.:]/g, '').length;
    expect(textsOf(displayOf(text, look), [line(read, 0, digits + (text.includes(':') ? 0.5 : 0))])).toEqual([text]);
  });

  it('keeps a comma, which has the same segment as a point', () => {
    expect(textsOf(displayOf('1.799'), [line('1,79', 0, 3)])).toEqual(['1,799']);
  });

  it('keeps the room of a digit that is off as a space', () => {
    expect(textsOf(displayOf('25 40'), [line('25 40', 0, 5)])).toEqual(['25 40']);
  });

  it('is read beyond its box, which grows', () => {
    const [read] = withDisplays(displayOf('-12.3'), [line('23', 2, 4)]);
    expect(read?.text).toBe('-12.3');
    const [[x0], [x1]] = read?.text_region ?? boxOf(0, 0);
    expect(x0).toBeLessThanOrEqual(left);
    expect(x1).toBe(left + 4 * advance - 2);
  });

  it('that was found in two lines is one line, with one word', () => {
    const words = [{ text: '35', confidence: 0.9, region: boxOf(0, 2) }];
    const read = withDisplays(displayOf('35:42'), [{ ...line('35', 0, 2), words }, line('42', 2.5, 4.5)]);
    expect(read.map(({ text, words: found }) => [text, found?.map((word) => word.text)])).toEqual([
      ['35:42', ['35:42']],
    ]);
  });

  it.each([
    ['that the recognizer read otherwise', '4.24', '474'],
    ['with a point that its segments do not have', '424', '4.24'],
  ])('%s keeps its text', (_, shown, read) => {
    expect(textsOf(displayOf(shown), [line(read, 0, 3)])).toEqual([read]);
  });

  it.each(['12 5 kg', 'E 25', '一 25'])('is not looked for in the line %s', (text) => {
    expect(textsOf(displayOf('12.5'), [line(text, 0, 3)])).toEqual([text]);
  });
});

describe('print that is no display', () => {
  it('keeps its text', () => {
    const page = blankImage(300, 120);
    page.data.fill(255);
    // Digits whose strokes end elsewhere: a segment is half there.
    for (let y = 30; y < 90; y++)
      for (const x of [60, 100, 140]) page.data.fill(0, (y * 300 + x + (y % 30)) * 3, (y * 300 + x + 32) * 3);
    expect(textsOf(page, [line('1 1 1', 0, 3)])).toEqual(['1 1 1']);
  });

  it('without ink, or as small as dust, keeps its text', () => {
    const tiny = {
      text: '1 2',
      confidence: 0.9,
      text_region: [
        [0, 0],
        [9, 0],
        [9, 4],
        [0, 4],
      ] as Quad,
    };
    expect(textsOf(blankImage(400, 120), [line('1 2', 0, 3), tiny])).toEqual(['1 2', '1 2']);
  });
});
