import { chmod, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { isReadableByOthers, readToken, readTokens } from '../../../src/runtime/config/token.js';
import { temporaryFolder } from '../../helpers/home.js';

async function tokenFile(text: string): Promise<string> {
  const file = path.join(await temporaryFolder(), 'tokens.txt');
  await writeFile(file, text);
  return file;
}

describe('a file with tokens', () => {
  it.each(['secret', 'secret\n', ' secret \r\n', '\ufeffsecret\n', '\n# tokens of the office\n\nsecret'])(
    'holds one in %j',
    async (text) => {
      const file = await tokenFile(text);
      expect((await readTokens(file)).map(({ value }) => value)).toEqual(['secret']);
      expect(await readToken(file)).toBe('secret');
    },
  );

  it('holds a token a line, each with the name behind it', async () => {
    const text =
      '# office\nfirst # paperless on the NAS\n\n  open ~ "sesame"!\r\nwith#mark\t#\u00e9t\u00e9\n#last # comment\n';
    expect(await readTokens(await tokenFile(text))).toEqual([
      { value: 'first', name: 'paperless on the NAS' },
      { value: 'open ~ "sesame"!', name: 'line 4' },
      { value: 'with#mark', name: '\u00e9t\u00e9' },
    ]);
  });

  it('gives a client its first token', async () => {
    expect(await readToken(await tokenFile('# mine\nfirst # a\nsecond # b\n'))).toBe('first');
  });

  it('cuts a long name', async () => {
    const [token] = await readTokens(await tokenFile(`a # ${'n'.repeat(1000)}`));
    expect(token?.name).toHaveLength(64);
  });

  it.each([
    ['', 'it holds no token'],
    [' \n\n', 'it holds no token'],
    ['# only a comment\n', 'it holds no token'],
    ['a\n\u043f\u0430\u0440\u043e\u043b\u044c\n', 'line 2 contains characters other than printable ASCII'],
    ['schl\u00fcssel', 'line 1 contains characters other than printable ASCII'],
    ['sec\u0007ret', 'line 1 contains characters other than printable ASCII'],
    ['a # one\nb\na # again', 'line 3 repeats a token'],
  ])('of %j is refused, and the message does not show it', async (text, problem) => {
    const file = await tokenFile(text);
    await expect(readTokens(file)).rejects.toMatchObject({
      message: `The token cannot be read from ${file}: ${problem}`,
      exitCode: 2,
    });
  });

  it('is refused if it is a folder or does not exist', async () => {
    const folder = await temporaryFolder();
    for (const file of [folder, path.join(folder, 'none')]) {
      await expect(readTokens(file)).rejects.toMatchObject({ code: 'token_unreadable' });
    }
  });

  it.skipIf(process.platform === 'win32')('tells whether other users can read it, also through a link', async () => {
    const file = await tokenFile('a');
    const link = `${file}.link`;
    await symlink(file, link);
    const asked = async (mode: number): Promise<boolean> => {
      await chmod(file, mode);
      return isReadableByOthers(link);
    };
    expect([await asked(0o600), await asked(0o400), await asked(0o640), await asked(0o604)]).toEqual([
      false,
      false,
      true,
      true,
    ]);
  });
});

describe('a token in OCRHUB_TOKEN', () => {
  it.each(['secret', 'secret\n', ' secret \r\nsecond line\n'])('is the trimmed first line of %j', async (text) => {
    vi.stubEnv('OCRHUB_TOKEN', text);
    expect(await readTokens(undefined)).toEqual([{ value: 'secret', name: 'OCRHUB_TOKEN' }]);
  });

  it.each(['open ~ "sesame"!', 'a # b', '#a'])('may be %j', async (text) => {
    vi.stubEnv('OCRHUB_TOKEN', text);
    expect(await readToken(undefined)).toBe(text);
  });

  it.each([
    ['\nsecret', 'its first line is empty'],
    [' \n', 'its first line is empty'],
    ['\u043f\u0430\u0440\u043e\u043b\u044c', 'it contains characters other than printable ASCII'],
    ['sec\u0007ret', 'it contains characters other than printable ASCII'],
  ])('that is %j is refused, and the message does not show it', async (text, problem) => {
    vi.stubEnv('OCRHUB_TOKEN', text);
    await expect(readTokens(undefined)).rejects.toMatchObject({
      message: `The token cannot be read from OCRHUB_TOKEN: ${problem}`,
      exitCode: 2,
    });
  });
});

it('no token is required without a file and without OCRHUB_TOKEN', async () => {
  vi.stubEnv('OCRHUB_TOKEN', '');
  expect([await readTokens(undefined), await readToken(undefined)]).toEqual([[], undefined]);
});
