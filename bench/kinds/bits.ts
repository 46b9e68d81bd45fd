import { loadSharp } from '../../src/runtime/image/sharp.js';
import { wideTiff } from '../../test/helpers/wide-tiff.js';
import { pick } from '../word-boxes/random.js';
import { drawn, latinFonts, textAt } from './drawing.js';
import type { Kind } from './kind.js';
import { wordsOf } from './texts.js';

/** A line in a 16-bit PNG file that uses 8 to 16 bits, or in a TIFF file of floating-point samples. */
export const bits: Kind = {
  name: 'bits',
  count: 48,
  unit: 'picture',
  async draw(random, i) {
    const max = whites[i % whites.length] ?? 1;
    const isFloat = i % (2 * whites.length) >= whites.length || max === 1;
    const text = wordsOf(random, 24);
    const size = 18 + Math.floor(random() * 14);
    const [width, height] = [size * 18, size * 3];
    const body = textAt(text, size / 2, size * 2, { family: pick(latinFonts, random), size });
    const gray = await drawn(width, height, body, '#fff').extractChannel(0).raw().toBuffer();
    const scaled = Float32Array.from(gray, (value) => (value / 255) * max);
    if (isFloat) {
      const picture = wideTiff({ width, height, channels: 1, data: scaled, bits: 32, format: 3 });
      return { picture, format: 'tiff', expected: [text] };
    }
    const raw = { width, height, channels: 1 } as const;
    const picture = loadSharp()(Uint16Array.from(scaled), { raw }).toColourspace('grey16').png();
    return { picture: await picture.toBuffer(), expected: [text] };
  },
};

const whites = [1, 255, 511, 1023, 4095, 65_535];
