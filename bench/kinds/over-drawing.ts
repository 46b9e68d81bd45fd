import { pick, type Random } from '../word-boxes/random.js';
import { chineseFont, latinFonts, pngOf, textAt } from './drawing.js';
import type { Kind } from './kind.js';
import { chineseWords, wordsOf } from './texts.js';

/**
 * A few words over a drawing, with a white halo, cut out with little around them: the sound words of comics, captions on
 * photographs, signs. The edges of the picture have no ground of one color.
 */
export const overDrawing: Kind = {
  name: 'over-drawing',
  count: 160,
  unit: 'line',
  async draw(random, i) {
    const [isChinese, isUpright] = [i % 4 !== 0, i % 4 >= 2];
    const size = 18 + Math.floor(random() * 24);
    const family = isChinese ? chineseFont : pick(latinFonts, random);
    const text = isChinese ? chineseWords(random, 3 + Math.floor(random() * 5)) : wordsOf(random, 14);
    const margin = 4 + Math.floor(random() * 16);
    const length = Math.ceil(Array.from(text).length * size * (isChinese ? 1.08 : 0.66)) + 2 * margin;
    const depth = Math.ceil(size * 1.2) + 2 * margin;
    const [width, height] = isUpright ? [depth, length] : [length, depth];
    const style = { family, size, weight: '700' };
    const letters = isUpright
      ? Array.from(text).map((letter, row) => textAt(letter, margin, margin + size * (1.08 * row + 0.95), style))
      : [textAt(text, margin, margin + size, style)];
    const halo = `<g stroke="#fff" stroke-width="${4 + Math.floor(random() * 6)}" stroke-linejoin="round" fill="#fff">${letters.join('')}</g>`;
    const body = drawing(random, width, height) + halo + letters.join('');
    return { picture: await pngOf(width, height, body), expected: [text] };
  },
};

/** Black, gray and white areas with outlines, and hatching across them. */
function drawing(random: Random, width: number, height: number): string {
  const shapes: string[] = [];
  const side = Math.max(width, height);
  const around = (length: number): number => Math.round((random() * 1.4 - 0.2) * length);
  for (let n = 0; n < 4 + side / 40; n++) {
    const fill = pick(['#000', '#000', '#666', '#bbb', '#fff', '#fff'], random);
    const corners = Array.from({ length: 4 }, () => `${around(width)},${around(height)}`).join(' ');
    shapes.push(
      `<polygon points="${corners}" fill="${fill}" stroke="#000" stroke-width="${1 + Math.floor(random() * 2)}"/>`,
    );
  }
  const [x, y, step, lean] = [around(width), around(height), 4 + random() * 8, (random() - 0.5) * 60];
  for (let n = 0; n < 3 + random() * 9; n++)
    shapes.push(`<path d="M${x + n * step} ${y}l${lean} ${side / 3}" stroke="#000" stroke-width="1"/>`);
  return shapes.join('');
}
