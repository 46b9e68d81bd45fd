import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { requireRead } from '../../../src/runtime/authoring/convert/try-out.js';
import { loadDictionary } from '../../../src/runtime/models/dictionary.js';
import { oddEntries } from '../../../src/runtime/models/odd-entries.js';
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

it.each([
  [
    'GBK',
    Buffer.from([0xb2, 0xe8, 0x0a, 0xb9, 0xdd, 0x0a]),
    'it is not UTF-8. Convert it from its encoding: iconv -f GB18030',
  ],
  [
    'UTF-16',
    Buffer.from('\ufeff山\n水\n', 'utf16le'),
    'it is not UTF-8, but UTF-16LE. Convert it from its encoding: iconv -f UTF-16LE',
  ],
  ['Latin-1', Buffer.from('é\nü\n', 'latin1'), 'it is not UTF-8'],
])('a dictionary in %s is refused with its name', async (_, bytes, message) => {
  const file = await fileWith(bytes);
  await expect(loadDictionary({ file })).rejects.toMatchObject({
    code: 'model_mismatch',
    message: expect.stringContaining(message) as string,
  });
  await expect(loadDictionary({ file })).rejects.toThrow(file);
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
