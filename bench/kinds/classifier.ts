import type { Random } from '../word-boxes/random.js';
import { pick } from '../word-boxes/random.js';
import { latinFonts, pngOf, textAt } from './drawing.js';
import type { Case, Kind } from './kind.js';
import { wordsOf } from './texts.js';

/** Long lines with the angle classifier, upright: how many it leaves alone. */
export const upright: Kind = { name: 'upright', count: 192, unit: 'line', draw: (random) => draw(random, 0) };

/** Long lines with the angle classifier, upside down: how many it turns. */
export const upsideDown: Kind = { name: 'upside-down', count: 192, unit: 'line', draw: (random) => draw(random, 180) };

async function draw(random: Random, angle: number): Promise<Case> {
  const size = 16 + Math.floor(random() * 16);
  const text = wordsOf(random, 50 + Math.floor(random() * 90));
  const [width, height] = [Math.ceil(size * text.length * 0.68) + 2 * size, size * 4];
  const line = textAt(text, size, size * 2.3, { family: pick(latinFonts, random), size });
  const turned = `<g transform="rotate(${angle} ${width / 2} ${height / 2})">${line}</g>`;
  return {
    picture: await pngOf(width, height, turned),
    expected: [text],
    fields: { use_angle_cls: true, page_rotation: 0 },
  };
}
