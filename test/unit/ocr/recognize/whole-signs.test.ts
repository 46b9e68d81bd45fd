import { expect, it } from 'vitest';
import { mayDoubleSigns, withWholeSigns } from '../../../../src/runtime/ocr/recognize/whole-signs.js';

const lettersOf = (text: string) => Array.from(text, (letter, i) => ({ text: letter, confidence: 0.9, at: i / 10 }));
const wholeOf = (text: string): string =>
  withWholeSigns(lettersOf(text))
    .map((letter) => letter.text)
    .join('');

it.each([
  ['25°℃ 77°℉', '25°C 77°F'],
  ['-4°℃', '-4°C'],
  ['½2 cup', '½ cup'],
  ['1½2 cup', '1½ cup'],
  ['2¼4 in, 3¾4', '2¼ in, 3¾'],
])('%s has a part of a sign beside the whole sign, and is %s', (text, expected) => {
  expect(mayDoubleSigns(text)).toBe(true);
  expect(wholeOf(text)).toBe(expected);
});

it.each(['25℃', '25°C', '1½ 2', '2½', '¼2', '90° 4', '½24 kg', '42'])('%s stays as it is', (text) => {
  expect(wholeOf(text)).toBe(text);
});

it('keeps the places of the letters', () => {
  expect(withWholeSigns(lettersOf('5°℃')).map(({ at }) => at)).toEqual([0, 0.1, 0.2]);
});
