import { expect, it } from 'vitest';
import { mayDoubleSigns, withWholeSigns } from '../../../../src/runtime/ocr/recognize/whole-signs.js';

const lettersOf = (text: string) => Array.from(text, (letter, i) => ({ text: letter, confidence: 0.9, at: i / 10 }));
/** @param step heights of the line from one letter to the next */
const wholeOf = (text: string, step = 0.3): string =>
  withWholeSigns(lettersOf(text), step * 10)
    .map((letter) => letter.text)
    .join('');

it.each([
  ['25°℃ 77°℉', '25°C 77°F'],
  ['-4°℃', '-4°C'],
  ['½2 cup', '½ cup'],
  ['1½2 cup', '1½ cup'],
  ['2¼4 in, 3¾4', '2¼ in, 3¾'],
  ['½4 mile', '¼ mile'],
])('%s has a part of a sign beside the whole sign, and is %s', (text, expected) => {
  expect(mayDoubleSigns(text)).toBe(true);
  expect(wholeOf(text)).toBe(expected);
});

it.each(['25℃', '25°C', '1½ 2', '2½', '¼2', '90° 4', '½24 kg', '42'])('%s stays as it is', (text) => {
  expect(wholeOf(text)).toBe(text);
});

it('keeps the places of the letters', () => {
  expect(withWholeSigns(lettersOf('5°℃'), 3).map(({ at }) => at)).toEqual([0, 0.1, 0.2]);
});

it.each(['½2 note', '1½2 cups', 'about ¾4', '½4'])('%s stays as it is if the digit stands behind the sign', (text) => {
  expect(wholeOf(text, 0.55)).toBe(text);
});
