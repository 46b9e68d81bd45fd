import { pick } from '../word-boxes/random.js';
import { chineseFont, latinFonts, pngOf, textAt } from './drawing.js';
import type { Kind } from './kind.js';
import { chineseWords, wordsOf } from './texts.js';

/** Two lines in a low, wide picture, which has 24 to 47 rows at the detector. */
export const strip: Kind = {
  name: 'strip',
  count: 138,
  fixtures: 4,
  unit: 'line',
  async draw(random, i) {
    const isChinese = i % 2 === 0;
    const size = 12 + (i % 8) * 2;
    const family = isChinese ? chineseFont : pick(latinFonts, random);
    const margin = 1 + Math.floor(random() * 4);
    const pitch = Math.round(size * 1.25);
    const rows = pitch + Math.ceil(size * 1.2) + 2 * margin;
    // The picture is as wide as makes it 24 to 47 rows at 960 columns.
    const wanted = 24 + random() * 23;
    const width = Math.max(Math.round((rows * 960) / wanted), 400);
    const letters = Math.floor((width - 2 * margin) / (isChinese ? size : size * 0.66)) - 1;
    const expected = [0, 1].map(() => (isChinese ? chineseWords(random, letters) : wordsOf(random, letters)));
    const body = expected
      .map((text, row) => textAt(text, margin, margin + size + row * pitch, { family, size }))
      .join('');
    return { picture: await pngOf(width, rows, body), expected };
  },
};
