import { loadSharp } from '../../src/runtime/image/sharp.js';
import { pick } from '../word-boxes/random.js';
import { drawn, latinFonts, textAt } from './drawing.js';
import type { Kind } from './kind.js';
import { wordsOf } from './texts.js';

/** A line on transparency, in six formats. Under the transparent pixels lies the color of the letters, or black, or white. */
export const alpha: Kind = {
  name: 'alpha',
  count: 126,
  unit: 'picture',
  async draw(random, i) {
    const format = formats[i % formats.length] ?? 'png';
    const ink = inks[Math.floor(i / formats.length) % inks.length] ?? '#000';
    const hidden = [ink, '#000000', '#ffffff'][Math.floor(i / (formats.length * inks.length)) % 3] ?? ink;
    const text = wordsOf(random, 24);
    const size = 18 + Math.floor(random() * 14);
    const [width, height] = [size * 18, size * 2];
    const body = textAt(text, size / 2, size * 1.4, { family: pick(latinFonts, random), size, ink });
    const opacity = await drawn(width, height, body).extractChannel(3).raw().toBuffer();
    const colors = [ink, hidden].map((color) => [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16)));
    const data = Buffer.alloc(width * height * 4);
    opacity.forEach((value, at) => {
      data.set([...(colors[value > 0 ? 0 : 1] ?? []), value], at * 4);
    });
    const picture = loadSharp()(data, { raw: { width, height, channels: 4 } });
    const encoded = {
      png: () => picture.png(),
      'gray.png': () => picture.toColourspace('b-w').png(),
      'palette.png': () => picture.png({ palette: true }),
      webp: () => picture.webp({ lossless: true, exact: true }),
      gif: () => picture.gif(),
      tiff: () => picture.tiff({ compression: 'lzw' }),
    }[format]();
    return { picture: await encoded.toBuffer(), format, expected: [text] };
  },
};

const formats = ['png', 'gray.png', 'palette.png', 'webp', 'gif', 'tiff'] as const;
const inks = ['#000000', '#ffffff', '#1b3a8c', '#ffd84d', '#777777', '#999999', '#c0392b'];
