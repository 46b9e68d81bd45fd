import { expect, it } from 'vitest';
import { describeFailure } from '../../../src/commands/_base.js';
import { formatTable } from '../../../src/commands/_text.js';
import { printable, printableLine } from '../../../src/commands/_printable.js';

it.each([
  ['ESC', '\u001b[2J.png', '\\u001b[2J.png'],
  ['the one-byte CSI of Latin-1', 'a\u009b31m', 'a\\u009b31m'],
  ['OSC in one byte', '\u009d0;title\u0007', '\\u009d0;title\\u0007'],
  ['carriage return and backspace', 'good\r\bbad', 'good\\u000d\\u0008bad'],
  ['DEL and NUL', '\u007f\0', '\\u007f\\u0000'],
  ['a turned direction', 'gnp.\u202eexe', 'gnp.\\u202eexe'],
])('a control character is printed, not obeyed: %s', (_, text, printed) => {
  expect(printable(text)).toBe(printed);
});

it('a text without them stays: tabs, lines, Chinese and emoji too', () => {
  const text = 'a\tb\n识别 🙂 ½ Ä\n';
  expect(printable(text)).toBe(text);
});

it('a JSON text stays JSON, with the same value', () => {
  const value = { file: 'a\u009b31m\u001b\u007f.png' };
  expect(JSON.parse(printable(JSON.stringify(value)))).toEqual(value);
});

it.each([
  ['a line end', 'tiny\nError: forged', 'tiny\\u000aError: forged'],
  ['a tab', 'a\tb', 'a\\u0009b'],
  ['the line ends of Unicode', 'a\u2028b\u2029c', 'a\\u2028b\\u2029c'],
  ['CRLF', 'a\r\nb', 'a\\u000d\\u000ab'],
])('a name stays on its line: %s', (_, text, printed) => {
  expect(printableLine(text)).toBe(printed);
  expect(formatTable(['NAME'], [[text]])).toBe(`NAME\n${printed}`);
  expect(describeFailure({ file: text, error: { code: 'a', message: 'b', hint: '' } })).toBe(`${printed}  b`);
});
