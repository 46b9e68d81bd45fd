import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { root } from './ocrhub.js';

const font = 'DejaVu Sans';
const words = ['tea', 'harbour', 'ticket', 'window', 'green', 'market', 'river', 'paper', 'coffee', 'street', 'number'];

/** A white page of 3 by 4 with columns of short lines of black text. */
export interface Page {
  readonly lines: number;
  /** Columns and rows of a full page; places without a line stay white. */
  readonly room: { readonly columns: number; readonly rows: number };
  readonly megapixels: number;
}

/**
 * Draws a page into bench/out/pages and returns its file.
 *
 * @throws Error if the font is missing; the renderer would silently take another one, or draw empty boxes
 */
export async function drawPage({ lines, room, megapixels }: Page): Promise<string> {
  requireFont();
  const width = Math.round(Math.sqrt((megapixels * 1e6 * 3) / 4));
  const height = Math.round((width * 4) / 3);
  // Coordinates are those of a page 3000 wide, so that pages of all sizes look alike.
  const [columnWidth, rowHeight] = [2900 / room.columns, 3900 / room.rows];
  const size = Math.min(rowHeight * 0.62, columnWidth / 13);
  const texts = Array.from({ length: lines }, (_, i) => {
    const [column, row] = [Math.floor(i / room.rows), i % room.rows];
    const x = 50 + column * columnWidth;
    const y = 50 + (row + 0.7) * rowHeight;
    return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}">${textOf(i)}</text>`;
  });
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 3000 4000"` +
    ` font-family="${font}" font-size="${size.toFixed(1)}">${texts.join('')}</svg>`;
  const file = path.join(root, 'bench', 'out', 'pages', `${lines}-lines-${megapixels}-megapixels.jpg`);
  mkdirSync(path.dirname(file), { recursive: true });
  await sharp(Buffer.from(svg), { limitInputPixels: false, unlimited: true })
    .flatten({ background: '#fff' })
    .jpeg({ quality: 90 })
    .toFile(file);
  return file;
}

/** About 18 characters: a number and two words, different on each line. */
function textOf(line: number): string {
  const word = (n: number): string => words[n % words.length] ?? '';
  return `${line + 1} ${word(line * 3)} ${word(line * 5 + 4)}`;
}

/** @throws Error if the font of the drawn pages is missing */
export function requireFont(): void {
  let installed: string;
  try {
    installed = execFileSync('fc-list', [':', 'family'], { encoding: 'utf8' });
  } catch (error) {
    throw new Error('Cannot run fc-list. Install it: apt-get install fontconfig', { cause: error });
  }
  if (!installed.split(/[\n,]/).includes(font)) {
    throw new Error(`The font ${font} is missing. Install it: apt-get install fonts-dejavu`);
  }
}
