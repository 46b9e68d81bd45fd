/**
 * Draws the pages that test/accuracy.test.ts reads: sets of one or two pages of a kind, with their lines in reading order.
 *
 *   node bench/run.js drawn-sets test/fixtures/sets
 *
 * Seeds are odd: rules of the reading order are chosen on even ones. The fonts are DejaVu and Noto CJK: apt-get install
 * fonts-dejavu fonts-noto-cjk
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { layoutOf, type LayoutKind } from '../test/helpers/layouts.js';
import { chineseFont, pngOf, textAt } from './kinds/drawing.js';
import { drawLayout } from './kinds/layouts.js';
import { chineseWords, wordsOf } from './kinds/texts.js';
import { turnedPicture } from './lib/turned-picture.js';
import { writeFormatted } from './report/document.js';
import { generator } from './word-boxes/random.js';

interface DrawnPage {
  readonly picture: Buffer;
  /** In reading order. */
  readonly lines: readonly string[];
}

const folder = process.argv[2];
if (folder === undefined) throw new Error('Name the folder: node bench/run.js drawn-sets FOLDER');
mkdirSync(folder, { recursive: true });

const sets: Readonly<Record<string, readonly Promise<DrawnPage>[]>> = {
  receipt: [layoutPage('receipt', 901)],
  table: [layoutPage('table of wrapped cells', 903)],
  columns: [layoutPage('three columns', 905)],
  'side-bar': [layoutPage('side bar', 907)],
  'tilted-form': [layoutPage('key-value', 909)],
  vertical: [layoutPage('vertical in tiers', 911)],
  chinese: [chinesePage()],
  dark: [darkPage()],
  'mixed-directions': [mixedPage()],
  turned: [90, 180, 270].map((turn) => turnedPage('two columns', 913, turn)),
  tilted: [15, -30, 45].map((turn) => turnedPage('receipt', 915, turn)),
};
const written: Record<string, Record<string, readonly string[]>> = {};
for (const [set, pages] of Object.entries(sets)) {
  const files: Record<string, readonly string[]> = {};
  for (const [i, page] of pages.entries()) {
    const { picture, lines } = await page;
    const file = `${set}-${i + 1}.webp`;
    files[file] = lines;
    writeFileSync(path.join(folder, file), await sharp(picture).webp({ lossless: true, effort: 6 }).toBuffer());
  }
  written[set] = files;
}
await writeFormatted(path.join(folder, 'sets.json'), JSON.stringify(written));

async function layoutPage(kind: LayoutKind, seed: number): Promise<DrawnPage> {
  const layout = layoutOf(kind, seed);
  return { picture: await drawLayout(layout), lines: layout.lines.map(({ text }) => text) };
}

async function turnedPage(kind: LayoutKind, seed: number, degrees: number): Promise<DrawnPage> {
  const { picture, lines } = await layoutPage(kind, seed);
  return { picture: (await turnedPicture(picture, degrees)).bytes, lines };
}

/** Chinese print of four sizes. */
async function chinesePage(): Promise<DrawnPage> {
  const random = generator(917);
  const lines = Array.from({ length: 20 }, (_, i) => chineseWords(random, 12 + (i % 4) * 6));
  const body = lines.map((line, i) => {
    const size = [16, 20, 26, 18][i % 4] ?? 16;
    return textAt(line, 60, 70 + i * 48, { family: chineseFont, size });
  });
  return { picture: await pngOf(1000, 1060, body.join('')), lines };
}

/** A light text on a dark ground, as on a screen. */
async function darkPage(): Promise<DrawnPage> {
  const random = generator(919);
  const lines = Array.from({ length: 18 }, (_, i) =>
    i % 3 === 0 ? chineseWords(random, 14) : wordsOf(random, 34 + (i % 5) * 4),
  );
  const inks = ['#e0e0e0', '#7fb4ff', '#9a9a9a'];
  const body = lines.map((line, i) => {
    const family = i % 3 === 0 ? chineseFont : 'DejaVu Sans';
    return textAt(line, 40, 50 + i * 40, { family, size: 17, ink: inks[i % 3] ?? '#e0e0e0' });
  });
  return { picture: await pngOf(900, 780, body.join(''), '#1e1e1e'), lines };
}

/** A page with a stamp upside down and heads of a table on their side. */
async function mixedPage(): Promise<DrawnPage> {
  const random = generator(921);
  const style = { family: 'DejaVu Sans', size: 22 };
  const upright = Array.from({ length: 14 }, () => wordsOf(random, 40));
  const heads = Array.from({ length: 3 }, () => wordsOf(random, 18));
  const stamp = Array.from({ length: 2 }, () => wordsOf(random, 20));
  const body = [
    ...upright.map((line, i) => textAt(line, 60, 90 + i * 50, style)),
    ...heads.map(
      (line, i) => `<g transform="translate(${700 + i * 70} 420) rotate(-90)">${textAt(line, 0, 0, style)}</g>`,
    ),
    ...stamp.map(
      (line, i) => `<g transform="translate(960 ${700 - i * 50}) rotate(180)">${textAt(line, 0, 0, style)}</g>`,
    ),
  ];
  return { picture: await pngOf(1020, 820, body.join('')), lines: [...upright, ...heads, ...stamp] };
}
