import { describe, expect, it } from 'vitest';
import { ocrhub, ocrhubJson } from '../helpers/cli.js';
import { packageFiles, wordModule, writeFiles } from '../helpers/files.js';
import { temporaryFolder } from '../helpers/home.js';

describe('search', () => {
  it('finds stock packages and model sets, with the command that brings each', async () => {
    const home = await temporaryFolder();
    expect(await ocrhubJson(home, ['search', 'ocr_det'])).toEqual([
      {
        kind: 'module',
        name: 'ocr_det',
        summary: 'Finds text lines: the four corners of each',
        here: false,
        get: 'ocrhub install ocr_det',
      },
    ]);
    expect(await ocrhubJson(home, ['search', 'KOREAN'])).toEqual([
      {
        kind: 'models',
        name: 'ppocrv5-mobile-korean',
        summary: 'PP-OCRv5 mobile recognizer, Korean',
        here: false,
        get: 'ocrhub download ppocrv5-mobile-korean',
      },
    ]);
    const { code, stdout } = await ocrhub(home, ['search', 'models', 'embedded']);
    expect([code, stdout]).toEqual([0, 'No match for "models embedded"\n']);
    expect((await ocrhub(home, ['search', 'models', 'shipped'])).stdout).toMatch(/^ppocrv6-small +models +yes /m);
  });

  it('lists an installed module once', async () => {
    const home = await temporaryFolder();
    for (const version of ['1.0.0', '2.0.0']) {
      const folder = await writeFiles(await temporaryFolder(), packageFiles(wordModule('wordy', { version })));
      await ocrhubJson(home, ['install', folder]);
    }
    expect(await ocrhubJson(home, ['search', 'wordy'])).toMatchObject([{ name: 'wordy', here: true, get: '' }]);
  });

  it('exits with 2 without a word and prints an empty list without a match', async () => {
    const home = await temporaryFolder();
    expect(await ocrhub(home, ['search'])).toMatchObject({ code: 2, stdout: '' });
    expect(await ocrhubJson(home, ['search', 'klingon'])).toEqual([]);
  });
});
