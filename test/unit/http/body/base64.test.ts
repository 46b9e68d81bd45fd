import { expect, it } from 'vitest';
import { decodeBase64 } from '../../../../src/runtime/http/body/base64.js';

it.each(['YSBwaWN0dXJl', 'YSBw\naWN0\r\ndXJl\n', ' YS\tBw\vaW \nN\f 0dXJl ', 'data:image/png;base64, YSBwaWN0dXJl'])(
  'decodeBase64 skips white space: %j',
  (text) => {
    expect(Buffer.from(decodeBase64(text, 'images[0]')).toString()).toBe('a picture');
  },
);

it.each(['YSBw\u00a0aWN0', 'YSBw \u0161aWN0', 'YSBw\u{1f600} aWN0'])(
  'decodeBase64 refuses characters that only resemble base64 or white space: %j',
  (text) => {
    expect(() => decodeBase64(text, 'images[3]')).toThrow(/^images\[3\] is not base64: character ".+" at position 4$/);
  },
);

const bytes = Buffer.from(Array.from({ length: 200 }, (_, i) => (i * 37) % 256));
const text = bytes.toString('base64');
const lines = (width: number, end: string): string => (text.match(new RegExp(`.{1,${width}}`, 'g')) ?? []).join(end);

it.each([
  ['line feeds', lines(76, '\n')],
  ['CRLF, and one at the end', `${lines(76, '\r\n')}\r\n`],
  ['line feeds and an indent', `  ${lines(64, '\n  ')}`],
  ['spaces, as a shell joins lines', lines(76, ' ')],
  ['spaces, and one at the end', `${lines(64, ' ')} `],
  ['a space before the padding', text.replace(/=+$/, ' $&')],
])('decodeBase64 takes lines that are parted by %s', (_, wrapped) => {
  expect(Buffer.from(decodeBase64(wrapped, 'base64')).equals(bytes)).toBe(true);
});

/** Texts with 1 to 12 times "+", which came as spaces. */
const lost = Array.from({ length: 12 }, (_, count) => {
  const digits = Array.from(Buffer.alloc(240, 7).toString('base64'));
  for (let i = 0; i <= count; i++) digits[5 + i * 23] = '+';
  return digits.join('');
});

it.each([
  ...lost,
  'AAA+',
  `data:image/png;base64,${lost[3] ?? ''}`,
  // Lines of equal length, of which each holds a "+" that was lost.
  `${'A'.repeat(75)}+\n`.repeat(3) + 'AAAA',
])('decodeBase64 refuses %s after each "+" has become a space', (given) => {
  const damaged = given.replaceAll('+', ' ');
  expect(() => decodeBase64(damaged, 'image_data')).toThrow(
    `image_data is not base64: a space at position ${given.indexOf('+')}; a "+" becomes a space in a form or an address unless it is written as %2B`,
  );
});
