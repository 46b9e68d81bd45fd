import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it, vi } from 'vitest';
import { requireRead } from '../../../src/runtime/authoring/convert/try-out.js';
import { loadDictionary } from '../../../src/runtime/models/dictionary.js';
import { oddEntries, warnOfOddEntries } from '../../../src/runtime/models/odd-entries.js';
import { temporaryFolder } from '../../helpers/home.js';

async function fileWith(bytes: Uint8Array | string): Promise<string> {
  const file = path.join(await temporaryFolder(), 'dict.txt');
  await writeFile(file, bytes);
  return file;
}

it('a byte order mark is no part of the first character', async () => {
  expect(await loadDictionary({ file: await fileWith('\ufeff!\n"\n#\n') })).toEqual(['!', '"', '#']);
  expect(await loadDictionary({ file: await fileWith('\ufeff!\r\n"\r\n') })).toEqual(['!', '"']);
});

function utf32(text: string, isLittle: boolean): Buffer {
  const codes = Array.from(text, (character) => character.codePointAt(0) ?? 0);
  const bytes = Buffer.alloc(codes.length * 4);
  for (const [i, code] of codes.entries())
    if (isLittle) bytes.writeUInt32LE(code, i * 4);
    else bytes.writeUInt32BE(code, i * 4);
  return bytes;
}

it.each([
  [
    'GBK',
    Buffer.from([0xb2, 0xe8, 0x0a, 0xb9, 0xdd, 0x0a]),
    'not UTF-8. Convert it from its encoding; if it is Chinese',
    'GB18030',
  ],
  ['Latin-1', Buffer.from('é\nü\n', 'latin1'), 'not UTF-8. Convert it from its encoding; if it is Chinese', 'GB18030'],
  ['UTF-16LE with a mark', Buffer.from('\ufeff山\n水\n', 'utf16le'), 'but looks like UTF-16LE. If so', 'UTF-16LE'],
  ['UTF-16LE', Buffer.from('a\n山\n水\n一\n上\n', 'utf16le'), 'but looks like UTF-16LE', 'UTF-16LE'],
  ['UTF-16LE of ASCII alone', Buffer.from('a\r\nb\r\nc\r\n', 'utf16le'), 'but looks like UTF-16LE', 'UTF-16LE'],
  ['UTF-16BE with a mark', Buffer.from('\ufeff山\n水\n', 'utf16le').swap16(), 'but looks like UTF-16BE', 'UTF-16BE'],
  ['UTF-16BE', Buffer.from('a\n山\n水\n', 'utf16le').swap16(), 'but looks like UTF-16BE', 'UTF-16BE'],
  ['UTF-32LE with a mark', utf32('\ufeff山\n水\n', true), 'but looks like UTF-32LE', 'UTF-32LE'],
  ['UTF-32LE', utf32('a\n山\n', true), 'but looks like UTF-32LE', 'UTF-32LE'],
  ['UTF-32BE with a mark', utf32('\ufeff山\n水\n', false), 'but looks like UTF-32BE', 'UTF-32BE'],
  ['UTF-32BE', utf32('a\n山\n', false), 'but looks like UTF-32BE', 'UTF-32BE'],
])('a dictionary in %s is refused with what it looks like', async (_, bytes, message, from) => {
  const file = await fileWith(bytes);
  await expect(loadDictionary({ file })).rejects.toMatchObject({
    code: 'model_mismatch',
    message: expect.stringContaining(message) as string,
  });
  await expect(loadDictionary({ file })).rejects.toThrow(`iconv -f ${from} -t UTF-8 ${file}`);
});

it('the command that converts a dictionary quotes its path', async () => {
  const file = path.join(await temporaryFolder(), "my dict's $HOME.txt");
  await writeFile(file, Buffer.from('é\n', 'latin1'));
  await expect(loadDictionary({ file })).rejects.toThrow(`iconv -f GB18030 -t UTF-8 '${file.replace("'", "'\\''")}'`);
});

it('odd entries are named with their numbers', () => {
  expect(oddEntries(['', 'a', '# Latin letters', 'b', 'a', '#', '\u3000', ' ', ''])).toEqual([
    'entry 1 is empty',
    'entry 3 is "# Latin letters"',
    'entry 5 repeats entry 2',
    'entry 9 is empty',
  ]);
  expect(oddEntries(new Array<string>(9).fill(''))).toHaveLength(6);
});

it.each([
  ['ocrhub 123', {}, true],
  ['ocrhub l23', {}, true],
  ['nbqgta🛅012', {}, false],
  ['', {}, false],
  ['ocrhub123', { use_space_char: false }, true],
  ['ocrhub%123', { use_space_char: false }, false],
  ['ocrhub1234', { use_space_char: false }, false],
])('a recognizer that reads %j with %j passes: %s', async (read, params, passes) => {
  const dictionary = await fileWith(Array.from('abcdefghijklmnopqrstuvwxyz0123456789%').join('\n'));
  const tried = requireRead([{ role: 'rec', file: 'rec.onnx', dictionary, params }], read);
  if (passes) await tried;
  else
    await expect(tried).rejects.toThrow(
      `was read as ${JSON.stringify(read)}; its dictionary, ${dictionary}, is not the one`,
    );
});

it('nothing is said of a recognizer without the characters on the picture', async () => {
  const dictionary = await fileWith('山\n水\n1\n');
  await requireRead([{ role: 'rec', file: 'rec.onnx', dictionary, params: {} }], '山');
});

const letters = Array.from('abcdefghij"#-,;: 0123456789山水');

it.each([
  [
    '\\r\\r\\n at the end of each line',
    (entry: string) => `${entry}\r\r`,
    'entry 1, "a\\r", holds a control character, U+000D',
  ],
  [
    'a NUL after each character',
    (entry: string) => `${entry}\0`,
    'entry 1, "a\\u0000", holds a control character, U+0000',
  ],
  [
    'an escape character in one entry',
    (entry: string) => (entry === 'c' ? '\x1b' : entry),
    'entry 3, "\\u001b", holds',
  ],
  ['a delete character in one entry', (entry: string) => (entry === 'c' ? '\x7f' : entry), 'U+007F'],
  [
    'a second byte order mark',
    (entry: string, i: number) => (i === 0 ? `\ufeff\ufeff${entry}` : entry),
    'entry 1, "\\ufeffa", holds a byte order mark, U+FEFF',
  ],
  [
    'a byte order mark in the middle',
    (entry: string, i: number) => (i === 9 ? `\ufeff${entry}` : entry),
    'entry 10, "\\ufeffj", holds a byte order mark',
  ],
  ['a space after each character', (entry: string) => `${entry} `, 'entries end in white space, such as entry 1, "a "'],
  [
    'a tab after each character',
    (entry: string) => `${entry}\t`,
    'entries end in white space, such as entry 1, "a\\t"',
  ],
  ['a space before each character', (entry: string) => ` ${entry}`, 'entries begin with white space'],
  [
    'an index and a tab',
    (entry: string, i: number) => `${i}\t${entry}`,
    'entries have a number before the character, such as entry 1, "0\\ta"',
  ],
  ['an index and a comma', (entry: string, i: number) => `${i},${entry}`, 'entries have a number before the character'],
  [
    'an index behind a tab',
    (entry: string, i: number) => `${entry}\t${i}`,
    'entries have a number after the character',
  ],
  [
    'double quotation marks',
    (entry: string) => `"${entry}"`,
    'entries are in quotation marks, such as entry 1, "\\"a\\""',
  ],
  ['single quotation marks', (entry: string) => `'${entry}'`, 'entries are in quotation marks'],
  ['the lines of a JSON list', (entry: string) => `  ${JSON.stringify(entry)},`, 'such as entry 1'],
  ['the lines of a YAML list', (entry: string) => `- ${entry}`, 'entries begin with a dash'],
  ['a comma after each character', (entry: string) => `${entry},`, 'entries end in a comma'],
  [
    'codes in place of characters',
    (entry: string) => `\\u${(entry.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
    'entries are codes',
  ],
])('a dictionary with %s is refused', async (_, change, message) => {
  const file = await fileWith(letters.map((entry, i) => `${change(entry, i)}\n`).join(''));
  await expect(loadDictionary({ file })).rejects.toMatchObject({
    code: 'model_mismatch',
    message: expect.stringContaining(message) as string,
  });
});

it('an inference.yml with a wrong entry is refused as a text file is', async () => {
  const file = path.join(await temporaryFolder(), 'inference.yml');
  await writeFile(
    file,
    'PostProcess:\n  character_dict:\n' + letters.map((entry) => `  - ${JSON.stringify(`${entry} `)}\n`).join(''),
  );
  await expect(loadDictionary({ file })).rejects.toThrow('entries end in white space');
});

it.each([
  ['a tab alone', '\t'],
  ['a tab after one character', 'p\t'],
  ['a space after one character', 'ы '],
  ['a byte order mark alone', '\ufeff'],
  ['a syllable', 'ฤา'],
  ['a flag', '🇩🇪'],
  ['a next line', '\u0085'],
  ['a double', 'a'],
])('a dictionary with %s, as PaddleOCR has them, is read', async (_, odd) => {
  const file = await fileWith([...letters, odd, 'z'].join('\n'));
  expect(await loadDictionary({ file })).toEqual([...letters, odd, 'z']);
});

it('a dictionary of syllables is read', async () => {
  const syllables = ['አን', 'ክፍ', 'ሁለ', 'በአ', 'ঃ-', '...', 'a1', '1a'];
  expect(await loadDictionary({ file: await fileWith(syllables.join('\n')) })).toEqual(syllables);
});

it('a warning names the odd entries of a dictionary of the right length once', () => {
  const warn = vi.spyOn(process, 'emitWarning').mockReturnValue();
  try {
    warnOfOddEntries('/models/dict.txt', ['a', 'b', 'c']);
    warnOfOddEntries('/models/double.txt', ['a', 'b', 'a']);
    warnOfOddEntries('/models/double.txt', ['a', 'b', 'a']);
    expect(warn.mock.calls.map(([text]) => text)).toEqual([
      '/models/double.txt: entry 3 repeats entry 1; if another character belongs there, wrong text is read',
    ]);
  } finally {
    warn.mockRestore();
  }
});

it.each([
  ['\r', 'o\rc\rr\rh\ru\rb\r1\r2\r3\r'],
  ['+', 'o+c+r+h+u+b+ +1+2+3+'],
  ['<>', '<o><c><r><h><u><b> <1><2><3>'],
])('a recognizer whose entries have %j around each character does not pass', async (_, read) => {
  const dictionary = await fileWith(
    Array.from('abcdefghijklmnopqrstuvwxyz0123456789', (entry) => `${entry}+`).join('\n'),
  );
  await expect(requireRead([{ role: 'rec', file: 'rec.onnx', dictionary, params: {} }], read)).rejects.toThrow(
    'is not the one',
  );
});
