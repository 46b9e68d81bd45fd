import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { readToken } from '../../../src/runtime/config/token.js';
import { temporaryFolder } from '../../helpers/home.js';

/** The same text in a file and in the variable. */
const places: [string, (text: string) => Promise<string | undefined>][] = [
  [
    'a file',
    async (text) => {
      const file = path.join(await temporaryFolder(), 'token.txt');
      await writeFile(file, text);
      return file;
    },
  ],
  [
    'OCRHUB_TOKEN',
    (text) => {
      vi.stubEnv('OCRHUB_TOKEN', text);
      return Promise.resolve(undefined);
    },
  ],
];

describe.each(places)('a token in %s', (_, put) => {
  it.each(['secret', 'secret\n', ' secret \r\nsecond line\n'])('is the trimmed first line of %j', async (text) => {
    expect(await readToken(await put(text))).toBe('secret');
  });

  it('may contain spaces and punctuation', async () => {
    expect(await readToken(await put('open ~ "sesame"!'))).toBe('open ~ "sesame"!');
  });

  it.each([
    ['\nsecret', 'its first line is empty'],
    [' \n', 'its first line is empty'],
    ['пароль', 'it contains characters other than printable ASCII'],
    ['schlüssel', 'it contains characters other than printable ASCII'],
    ['sec\u0007ret', 'it contains characters other than printable ASCII'],
  ])('that is %j is refused, and the message does not show it', async (text, problem) => {
    const file = await put(text);
    await expect(readToken(file)).rejects.toMatchObject({
      message: `The token cannot be read from ${file ?? 'OCRHUB_TOKEN'}: ${problem}`,
      exitCode: 2,
    });
  });
});

it('no token is required without a file and without OCRHUB_TOKEN', async () => {
  vi.stubEnv('OCRHUB_TOKEN', '');
  expect(await readToken(undefined)).toBeUndefined();
});
