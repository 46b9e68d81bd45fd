import { pick } from '../word-boxes/random.js';
import { latinFonts, pngOf, textAt } from './drawing.js';
import type { Kind } from './kind.js';

/** Tables with a column of Roman numerals. */
export const narrowTable: Kind = {
  name: 'numerals',
  count: 30,
  unit: 'line',
  async draw(random) {
    const size = 14 + Math.floor(random() * 16);
    const style = { family: pick(latinFonts, random), size };
    const rows = Array.from({ length: 6 }, () => [
      pick(['I', 'II', 'III', 'IV'], random),
      pick(['Type A', 'Steel', 'Paper', 'Copper'], random),
    ]);
    const cells = [['Class', 'Name'], ...rows];
    const body = cells.flatMap((row, y) =>
      row.map((text, x) => textAt(text, size * (1 + 6 * x), size * 2 * (y + 1), style)),
    );
    return { picture: await pngOf(size * 14, size * 2 * 8, body.join('')), expected: cells.flat() };
  },
};
