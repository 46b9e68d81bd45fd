import { pick, type Random } from '../word-boxes/random.js';
import { latinFonts, pngOf, textAt, type Style } from './drawing.js';
import type { Kind } from './kind.js';
import { wordsOf } from './texts.js';

/** Terms and conditions: A4 at 200 and 300 dpi with print of 6 to 8 points in two or three columns. */
const a4: Kind = {
  name: 'print-a4',
  count: 12,
  unit: 'line',
  draw(random, i) {
    const dpi = i % 2 === 0 ? 300 : 200;
    const points = 6 + (Math.floor(i / 2) % 3);
    const [width, height] = [Math.round(8.27 * dpi), Math.round(11.69 * dpi)];
    const style = { family: pick(latinFonts, random), size: (points * dpi) / 72 };
    const margin = dpi * 0.6;
    const page = new Sheet(width, height);
    page.line('Terms and conditions', margin, margin, { ...style, size: style.size * 2, weight: '700' });
    const area = { x: margin, y: margin + style.size * 2, width: width - 2 * margin, height: height - margin * 2.5 };
    page.columns(random, area, 2 + (i % 2), style);
    return page.draw();
  },
};

/** Pages of 3300 x 2550 px with four columns of 22 px, three of 26 px and five of 18 px. */
const columns: Kind = {
  name: 'print-columns',
  count: 6,
  unit: 'line',
  draw(random, i) {
    const [count = 4, size = 22] =
      [
        [4, 22],
        [3, 26],
        [5, 18],
      ][i % 3] ?? [];
    const page = new Sheet(3300, 2550);
    const style = { family: pick(latinFonts, random), size };
    page.columns(random, { x: 60, y: 50, width: 3180, height: 2450 }, count, style, 1.45);
    return page.draw();
  },
};

/** Newspaper pages: headlines over five to seven narrow columns. */
const newspaper: Kind = {
  name: 'newspaper',
  count: 6,
  unit: 'line',
  draw(random, i) {
    const dpi = i % 2 === 0 ? 200 : 300;
    const [width, height] = [Math.round(11.7 * dpi), Math.round(9 * dpi)];
    const size = ((7.5 + random()) * dpi) / 72;
    const style = { family: 'Liberation Serif', size };
    const page = new Sheet(width, height, '#f3f0e8');
    const margin = dpi * 0.4;
    page.line('THE HARBOUR TIMES', width * 0.2, margin + size * 5, { ...style, size: size * 6, weight: '700' });
    let y = margin + size * 8;
    while (height - y > size * 16) {
      const title = { ...style, size: size * (2.5 + random() * 2), weight: '700' };
      page.line(wordsOf(random, 40), margin, y + title.size, title);
      y += title.size * 1.3;
      const story = Math.min(size * (18 + Math.floor(random() * 20)), height - y - margin);
      page.columns(random, { x: margin, y, width: width - 2 * margin, height: story }, 5 + (i % 3), style, 1.15);
      y += story + size * 2;
    }
    return page.draw();
  },
};

/** Wide spreadsheets: 3,000 to 5,000 px wide, cells with text of 13 to 18 px in a gray grid. */
const spreadsheet: Kind = {
  name: 'spreadsheet',
  count: 6,
  unit: 'line',
  draw(random) {
    const size = 13 + Math.floor(random() * 6);
    const width = 3000 + Math.floor(random() * 2000);
    const cell = { width: size * (8 + Math.floor(random() * 4)), height: Math.round(size * (1.5 + random() * 0.5)) };
    const rows = 24 + Math.floor(random() * 24);
    const height = Math.max((rows + 2) * cell.height, Math.round(width / 2.3));
    const style = { family: pick(['DejaVu Sans', 'Liberation Sans'], random), size };
    const page = new Sheet(width, height);
    const count = Math.floor((width - 40) / cell.width);
    for (let row = 0; row < rows; row++) {
      const y = 20 + row * cell.height;
      page.rule(20, y, count * cell.width, 1);
      for (let column = 0; column < count; column++) {
        if (row > 0 && random() < 0.25) continue;
        const text = row === 0 || column % 4 === 0 ? wordsOf(random, 10) : numberOf(random);
        page.line(text, 24 + column * cell.width, y + cell.height / 2 + size * 0.35, style);
      }
    }
    for (let column = 0; column <= count; column++) page.rule(20 + column * cell.width, 20, 1, rows * cell.height);
    return page.draw();
  },
};

/** Screenshots of 3840 x 2160 px: a side bar, a menu, a text, a table and a picture, with letters of 13 to 20 px. */
const screen4k: Kind = {
  name: 'screen-4k',
  count: 6,
  unit: 'line',
  draw(random, i) {
    const size = 13 + (i % 4) * 2 + Math.floor(random() * 2);
    const [paper, ink, bar] = i % 2 === 0 ? ['#ffffff', '#222222', '#eef1f5'] : ['#1e1f22', '#d0d0d0', '#2b2d30'];
    const style = { family: pick(['DejaVu Sans', 'Liberation Sans'], random), size, ink };
    const page = new Sheet(3840, 2160, paper);
    page.rule(0, 0, 3840, size * 2, bar);
    page.rule(0, size * 2, size * 20, 2160, bar);
    ['File', 'Edit', 'View', 'Window', 'Help'].forEach((text, at) => {
      page.line(text, 20 + at * size * 6, size * 1.4, style);
    });
    const items = 10 + Math.floor(random() * 30);
    for (let at = 0; at < items; at++) page.line(wordsOf(random, 20), 20, size * (4.5 + at * 2), style);
    const left = size * 22;
    page.line(wordsOf(random, 24), left, size * 6, { ...style, size: size * 2.2, weight: '700' });
    page.columns(random, { x: left, y: size * 8, width: size * 50, height: size * 45 }, 1, style, 1.6);
    for (let row = 0; row < 20; row++)
      for (let column = 0; column < 5; column++)
        page.line(numberOf(random), left + size * (56 + column * 10), size * (6 + row * 2.2), style);
    page.picture(2700, 1300, 1000, 700);
    page.line(wordsOf(random, 30), 2700, 2000 + size * 2, style);
    return page.draw();
  },
};

/** Letters of A4 at 300 dpi: print of 11 points, and small print in footnotes or in a table. */
const footnotes: Kind = {
  name: 'footnotes',
  count: 6,
  unit: 'line',
  draw(random, i) {
    const [width, height] = [2480, 3508];
    const family = pick(latinFonts, random);
    const [body, small] = [46, 25 + (i % 3) * 2];
    const page = new Sheet(width, height);
    page.columns(random, { x: 250, y: 250, width: 1980, height: 1500 }, 1, { family, size: body }, 1.5);
    const style = { family, size: small };
    if (i % 2 === 0) page.columns(random, { x: 250, y: 2950, width: 1980, height: 350 }, 2, style, 1.3);
    else
      for (let row = 0; row < 12; row++)
        for (let column = 0; column < 6; column++)
          page.line(numberOf(random), 250 + column * 330, 2300 + row * small * 1.5, style);
    return page.draw();
  },
};

export const smallPrint: readonly Kind[] = [a4, columns, newspaper, spreadsheet, screen4k, footnotes];

/** A page that is drawn line by line. */
class Sheet {
  readonly #body: string[] = [];
  readonly #expected: string[] = [];

  readonly #width: number;
  readonly #height: number;
  readonly #ground: string;

  constructor(width: number, height: number, ground = '#fff') {
    this.#width = width;
    this.#height = height;
    this.#ground = ground;
  }

  line(text: string, x: number, y: number, style: Style): void {
    this.#body.push(textAt(text, x, y, style));
    this.#expected.push(text);
  }

  rule(x: number, y: number, width: number, height: number, color = '#c8c8c8'): void {
    this.#body.push(`<rect x="${x}" y="${y}" width="${width}" height="${height}" fill="${color}"/>`);
  }

  picture(x: number, y: number, width: number, height: number): void {
    const stops = ['#20507a', '#d8a060', '#406030'].map(
      (color, at) => `<stop offset="${at / 2}" stop-color="${color}"/>`,
    );
    const gradient = `<defs><linearGradient id="g" x2="1" y2="1">${stops.join('')}</linearGradient></defs>`;
    this.#body.push(`${gradient}<rect x="${x}" y="${y}" width="${width}" height="${height}" fill="url(#g)"/>`);
  }

  /** Fills an area with `count` columns of text; the last line of a paragraph is shorter. */
  columns(
    random: Random,
    area: { readonly x: number; readonly y: number; readonly width: number; readonly height: number },
    count: number,
    style: Style,
    pitch = 1.3,
  ): void {
    const gutter = style.size * 1.8;
    const width = (area.width - (count - 1) * gutter) / count;
    const letters = Math.floor(width / (style.size * (style.family === 'DejaVu Sans' ? 0.62 : 0.53)));
    const rows = Math.floor(area.height / (style.size * pitch));
    for (let column = 0; column < count; column++) {
      for (let row = 0; row < rows; row++) {
        const length = random() < 0.12 ? Math.ceil(letters / 2) : letters;
        const y = area.y + (row + 0.8) * style.size * pitch;
        this.line(wordsOf(random, length), area.x + column * (width + gutter), y, style);
      }
    }
  }

  async draw() {
    const picture = await pngOf(this.#width, this.#height, this.#body.join(''), this.#ground);
    return { picture, expected: this.#expected };
  }
}

function numberOf(random: Random): string {
  return (random() * 9000 + 100).toFixed(2);
}
