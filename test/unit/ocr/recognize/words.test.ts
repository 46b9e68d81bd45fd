import { describe, expect, it } from 'vitest';
import { blankImage, type Image } from '../../../../src/runtime/image/image.js';
import { placeWords, type Letter } from '../../../../src/runtime/ocr/recognize/words.js';

/** A white line, 20 pixels high, with strokes in rows 5 to 14. */
function line(width: number, ...strokes: (readonly [from: number, to: number])[]): Image {
  const image = blankImage(width, 20);
  image.data.fill(255);
  for (const [from, to] of strokes)
    for (let y = 5; y < 15; y++) image.data.fill(0, (y * width + from) * 3, (y * width + to) * 3);
  return image;
}

/** Letters at columns of a line of 100 pixels. */
function letters(...placed: (readonly [text: string, column: number])[]): Letter[] {
  return placed.map(([text, column]) => ({ text, confidence: 0.5, at: column / 100 }));
}

const texts = (text: string): string[] =>
  placeWords(
    blankImage(100, 20),
    Array.from(text, (letter, i) => ({ text: letter, confidence: 1, at: i / 100 })),
  ).map((word) => word.text);

const sides = (image: Image, ...placed: (readonly [text: string, column: number])[]): number[][] =>
  placeWords(image, letters(...placed)).map(({ region: [[left], [right]] }) => [left, right]);

describe('the words of a line', () => {
  it.each([
    ['Hello, big world.', ['Hello,', 'big', 'world.']],
    ['a  b', ['a', 'b']],
    ['$19.99 09:00-21:30 20%', ['$19.99', '09:00-21:30', '20%']],
    ['春天，新茶', ['春', '天', '，', '新', '茶']],
    ['营业Open daily时间', ['营', '业', 'Open', 'daily', '时', '间']],
    ['你好,world', ['你', '好', ',', 'world']],
    ['茶(tea)', ['茶', '(tea)']],
    ['ひらカナ한글', ['ひ', 'ら', 'カ', 'ナ', '한', '글']],
    ['今日 20% off', ['今', '日', '20%', 'off']],
    ['', []],
    [' ', []],
  ])('of %j are %j', (text, expected) => {
    expect(texts(text)).toEqual(expected);
  });

  it('contain all letters of the line except its spaces', () => {
    const text = 'No. 7: 茶馆, open (daily) 09:00';
    expect(texts(text).join('')).toBe(text.replaceAll(' ', ''));
  });

  it('have the mean probability of their letters', () => {
    const read = [0.5, 0.75].map((confidence, i) => ({ text: 'a', confidence, at: i / 10 }));
    expect(placeWords(blankImage(100, 20), read)[0]?.confidence).toBe(0.625);
  });
});

describe('the region of a word', () => {
  it('ends where the print ends', () => {
    const image = line(100, [10, 20], [22, 30], [50, 60]);
    expect(sides(image, ['a', 15], ['b', 26], [' ', 38], ['c', 55])).toEqual([
      [10, 30],
      [50, 60],
    ]);
  });

  it('ends at the widest gap if a space stands between two words', () => {
    const image = line(100, [10, 20], [30, 34], [36, 50]);
    expect(sides(image, ['a', 15], [' ', 24], ['n', 40])).toEqual([
      [10, 20],
      [30, 50],
    ]);
  });

  it('ends at the gap nearest to the middle if there is no space, not inside a wide character such as 川', () => {
    const image = line(100, [10, 12], [19, 21], [28, 30], [34, 54]);
    expect(sides(image, ['川', 20], ['水', 44])).toEqual([
      [10, 30],
      [34, 54],
    ]);
  });

  it('ends halfway between two letters if the print has no gap', () => {
    const image = line(100, [0, 100]);
    expect(sides(image, ['水', 20], ['木', 40])).toEqual([
      [0, 30],
      [30, 46],
    ]);
  });

  it('ends where the letters end, even if an underline is longer', () => {
    const image = line(100, [10, 20], [22, 30], [50, 60]);
    image.data.fill(0, (17 * 100 + 5) * 3, (17 * 100 + 70) * 3);
    expect(sides(image, ['a', 15], ['b', 26], [' ', 38], ['c', 55])).toEqual([
      [10, 30],
      [50, 60],
    ]);
  });

  it('has the height of the print of the whole line, with a margin', () => {
    const [word] = placeWords(line(100, [10, 20]), letters(['a', 15]));
    expect(word?.region.map(([, y]) => y)).toEqual([4, 4, 16, 16]);
  });

  it('excludes strokes that reach into the line from above', () => {
    const image = line(100, [10, 20]);
    image.data.fill(0, 15 * 3, 18 * 3);
    const [word] = placeWords(image, letters(['a', 15]));
    expect(word?.region[0][1]).toBe(4);
  });

  it('excludes a stroke far from the letters', () => {
    const image = line(100, [0, 40], [60, 70]);
    expect(sides(image, ['a', 65])).toEqual([[60, 70]]);
  });
});
