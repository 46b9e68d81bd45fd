import { pick, type Random } from '../word-boxes/random.js';
import { latinFonts, pngOf, textAt } from './drawing.js';
import type { Kind } from './kind.js';

/** Words and numbers whose letters stand apart; words are further apart. */
export const letterSpaced: Kind = {
  name: 'letter-spaced',
  count: 200,
  fixtures: 4,
  unit: 'text',
  async draw(random, i) {
    const text = textOf(random);
    const style = { family: pick(latinFonts, random), size: 16 + Math.floor(random() * 24) };
    const spacing = style.size * 0.05 * (i % 16);
    const width = Math.ceil(style.size * (2 + text.length * 0.9) + text.length * spacing);
    const body = textAt(text, style.size, style.size * 1.8, style).replace(
      '<text ',
      `<text letter-spacing="${spacing.toFixed(2)}" `,
    );
    return { picture: await pngOf(width, style.size * 3, body), expected: [text] };
  },
};

function textOf(random: Random): string {
  const number = (): string => (1000 + Math.floor(random() * 1e8)).toLocaleString('en-US');
  const word = (): string => pick(words, random);
  return pick([word, number, () => `${word()} ${word()}`, () => `${word()} ${number()}`], random)();
}

const words = 'REPORT TOTAL INVOICE Summary AMOUNT Contents CHAPTER ANNUAL Harbour NOTICE Receipt BALANCE'.split(' ');
