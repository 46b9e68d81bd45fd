import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { repeatFlags } from '../../../src/commands/_flags.js';
import { temporaryFolder } from '../../helpers/home.js';

describe('repeatFlags', () => {
  const both = (...words: readonly string[]) => repeatFlags(words, ['set', 'field']);

  it.each([
    [
      ['ocr', 'p.jpg', '--set', 'a=1', 'b=2'],
      ['ocr', 'p.jpg', '--set', 'a=1', '--set', 'b=2'],
    ],
    [
      ['--set', 'a=1', 'x.b=2', 'ocr', 'p.jpg'],
      ['--set', 'a=1', '--set', 'x.b=2', 'ocr', 'p.jpg'],
    ],
    [
      ['ocr', '--set=a=1', 'b=2', 'c=3', 'p.jpg'],
      ['ocr', '--set=a=1', '--set', 'b=2', '--set', 'c=3', 'p.jpg'],
    ],
    [
      ['ocr', '--field', 'a=1', 'b=2', '--set', 'c=3', 'd=4'],
      ['ocr', '--field', 'a=1', '--field', 'b=2', '--set', 'c=3', '--set', 'd=4'],
    ],
  ])('%j: repeats the flag for each word that looks like a value', (given, expected) => {
    expect(both(...given)).toEqual(expected);
  });

  it.each([
    [['ocr', '--set', 'a=1', 'p.jpg', 'b=2']],
    [['ocr', 'b=2', '--set', 'a=1']],
    [['ocr', '--set', 'a=1', '--inspect', 'b=2']],
    [['ocr', '--set', 'a=1', './b=2', 'scans/c=3.jpg']],
    [['ocr', '--set', 'a=1', '--', 'b=2']],
    [['--', '--set', 'a=1', 'b=2']],
    [['ocr', '--set']],
  ])('does not change %j', (given) => {
    expect(both(...given)).toEqual(given);
  });

  it('treats an existing file as a picture even if its name looks like a value', async () => {
    const file = path.join(await temporaryFolder(), 'a=1.jpg');
    const [here, name] = [process.cwd(), path.basename(file)];
    await writeFile(file, '');
    process.chdir(path.dirname(file));
    try {
      expect(both('ocr', '--set', 'b=2', name)).toEqual(['ocr', '--set', 'b=2', name]);
    } finally {
      process.chdir(here);
    }
  });
});
