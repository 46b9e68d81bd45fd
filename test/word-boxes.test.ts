import { readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { decodeImage } from '../src/runtime/document/decode-image.js';
import { systemParams } from '../src/runtime/ocr/params.js';
import type { TextLine } from '../src/runtime/ocr/text-line.js';
import { TextSystem } from '../src/runtime/ocr/text-system.js';
import { root } from './helpers/cli.js';
import { fitWords, type TrueLine } from './helpers/word-boxes.js';

const folder = path.join(root, 'test', 'fixtures', 'words');
const pages = JSON.parse(readFileSync(path.join(folder, 'words.json'), 'utf8')) as Record<
  string,
  { readonly angle: number; readonly lines: readonly TrueLine[] }
>;

let system: TextSystem;
beforeAll(async () => {
  system = await TextSystem.create(systemParams.parse({}));
});

describe.each(Object.entries(pages))('the word boxes of %s', (file, { angle, lines }) => {
  let found: TextLine[];
  let plain: TextLine[];
  beforeAll(async () => {
    const image = await decodeImage(readFileSync(path.join(folder, file)));
    const overlay = { use_angle_cls: angle === 180 };
    found = await system.read(image, { ...overlay, return_word_box: true });
    plain = await system.read(image, overlay);
  });

  it('overlap the true boxes by 0.7 or more in 95 % of the words and Chinese characters', () => {
    const fits = fitWords(lines, found);
    // The shares below mean little if few words were read.
    expect(fits.length).toBeGreaterThan(lines.flat().length * 0.85);
    const words = fits.filter(({ word }) => word.kind !== 'mark');
    expect(words.filter(({ along }) => along >= 0.7).length / words.length).toBeGreaterThanOrEqual(0.95);
    expect(words.filter(({ font }) => font >= 0.7).length / words.length).toBeGreaterThanOrEqual(0.95);
    // A mark such as "！" is 2 to 6 pixels wide here, so that one pixel is up to a half of it.
    expect(fits.filter(({ font }) => font >= 0.7).length / fits.length).toBeGreaterThanOrEqual(0.9);
  });

  it('stay inside their lines', () => {
    expect(fitWords(lines, found).filter(({ isInside }) => !isInside)).toEqual([]);
  });

  it('contain the text of their line, and do not change the rest of the answer', () => {
    for (const { text, words = [] } of found)
      expect(words.map((word) => word.text).join('')).toBe(text.replaceAll(' ', ''));
    expect(plain.every((line) => !('words' in line))).toBe(true);
    expect(plain.map((line, i) => ({ ...line, words: found[i]?.words }))).toEqual(found);
  });
});
