import { pick } from '../word-boxes/random.js';
import { latinFonts, pngOf, textAt } from './drawing.js';
import type { Kind } from './kind.js';
import { wordsOf } from './texts.js';

/** Pages of seven lines, tilted by up to 75 degrees; every third by 40 to 50. */
export const quad45: Kind = {
  name: 'quad45',
  count: 60,
  unit: 'line',
  async draw(random, i) {
    const size = 18 + Math.floor(random() * 16);
    const family = pick(latinFonts, random);
    const expected = Array.from({ length: 7 }, () => wordsOf(random, 18 + Math.floor(random() * 14)));
    const pitch = Math.round(size * 1.8);
    const [width, height] = [size * 22, pitch * 8];
    const side = Math.ceil(Math.hypot(width, height));
    const sign = i % 2 === 0 ? 1 : -1;
    const angle = sign * (i % 3 === 0 ? 40 + random() * 10 : random() * 75);
    const lines = expected.map((text, row) => textAt(text, 20, pitch * (row + 1), { family, size })).join('');
    const turn = `translate(${side / 2} ${side / 2}) rotate(${angle}) translate(${-width / 2} ${-height / 2})`;
    return { picture: await pngOf(side, side, `<g transform="${turn}">${lines}</g>`), expected };
  },
};
