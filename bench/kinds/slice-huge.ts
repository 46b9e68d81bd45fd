import { pick } from '../word-boxes/random.js';
import { latinFonts, pngOf, textAt } from './drawing.js';
import type { Kind } from './kind.js';

/** Banners and signs that are looked at in slices, with letters of up to 80 % of their height; half with a small line too. */
export const sliceHuge: Kind = {
  name: 'slice-huge',
  count: 60,
  unit: 'line',
  async draw(random, i) {
    const width = 2600 + Math.floor(random() * 1400);
    const height = Math.round(width / (2.6 + random() * 2));
    const text = pick(texts, random);
    const [family, weight] = [pick(latinFonts, random), random() < 0.5 ? '700' : '400'];
    const size = Math.round(Math.min(height * (0.3 + random() * 0.7), (width * 0.9) / (text.length * 0.72)));
    const base = Math.round(height / 2 + size * 0.35);
    const colors = pick(pairs, random);
    const body = textAt(text, Math.round(width * 0.04), base, { family, size, weight, ink: colors.ink });
    const small = i % 2 === 1 && base + 60 < height ? ['open daily from 8 to 17'] : [];
    const below = small.map((line) => textAt(line, width / 2, height - 14, { family, size: 36, ink: colors.ink }));
    return { picture: await pngOf(width, height, body + below.join(''), colors.ground), expected: [text, ...small] };
  },
};

const texts = [
  'CAFE 24',
  'HARBOUR CAFE',
  'SALE 50%',
  'OPEN',
  'Bakery',
  'EXIT 12',
  'Hotel Garden',
  'MARKET',
  'Room 305',
];
const pairs = [
  { ink: '#111', ground: '#fff' },
  { ink: '#fff', ground: '#1f4e79' },
  { ink: '#c00', ground: '#fdf6e3' },
];
