import { latinFonts, pngOf, textAt } from './drawing.js';
import type { Kind } from './kind.js';

/** I, l, !, [ or 1 alone in a picture with room around it. */
export const narrow: Kind = {
  name: 'narrow',
  count: 225,
  fixtures: 15,
  unit: 'picture',
  async draw(random, i) {
    const text = texts[i % texts.length] ?? 'I';
    const family = fonts[Math.floor(i / texts.length) % fonts.length] ?? '';
    const size = 16 + Math.floor(random() * 48);
    const [width, height] = [size * 3 + Math.floor(random() * 80), size * 2 + Math.floor(random() * 40)];
    const body = textAt(text, width / 2 - size / 6, height / 2 + size / 3, { family, size });
    return { picture: await pngOf(width, height, body), expected: [text] };
  },
};

const texts = ['I', 'l', '!', '[', '1'];
const fonts = [...latinFonts, 'DejaVu Serif', 'DejaVu Sans Mono'];
