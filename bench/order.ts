/**
 * The order of lines: 1-NED of the original's rule and of today's, on labelled pages and on rendered ones.
 *
 *   node bench/run.js order [--data FOLDER]... [--tilt DEGREES]... [--each] [--layouts N]
 *
 * Each FOLDER is a set: pictures, and for each a NAME.json `{lines: [{text, ignore?, poly?}]}` or a NAME.csv (a line
 * `x1,y1,...,x4,y4,TEXT`) beside it, with the lines in reading order. `--tilt` turns the pictures; several angles are measured
 * one by one. `--each` also prints each picture whose order changed. `--layouts` renders that many pages of each kind.
 *
 * 1-NED is 1 minus the edit distance of the whole text to the labels', without spaces, divided by the longer length. A set is
 * split by a hash of the file's name into pages for choosing rules, and pages for judging them. What the pipeline reads is kept
 * in bench/out/readings; delete it after a change of the pipeline.
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { decodeImage } from '../src/runtime/image/decode.js';
import type { Point } from '../src/runtime/geometry/point.js';
import { inReadingOrder } from '../src/runtime/ocr/order/reading-order.js';
import { topEdgeOrder } from '../src/runtime/ocr/order/top-edge-order.js';
import type { TextLine } from '../src/runtime/ocr/text-line.js';
import { editDistance } from './lib/edit-distance.js';
import { ReadingCache } from './lib/reading-cache.js';
import { readLabels } from './lib/score.js';
import { mean } from './lib/statistics.js';

interface Label {
  readonly text: string;
  readonly ignore?: boolean;
  readonly poly?: readonly Point[];
}

interface Scores {
  readonly name: string;
  readonly original: number;
  readonly today: number;
}

const { values } = parseArgs({
  options: {
    data: { type: 'string', multiple: true, default: [] },
    tilt: { type: 'string', multiple: true, default: ['0'] },
    each: { type: 'boolean', default: false },
  },
});
const cache = new ReadingCache();
console.log('| set | tilt | half | pages | original | today |\n|---|---|---|---|---|---|');
for (const folder of values.data)
  for (const tilt of values.tilt.map(Number)) print(path.basename(folder), tilt, await scoresOf(folder, tilt));
await cache.dispose();

function print(set: string, tilt: number, scores: readonly Scores[]): void {
  for (const half of ['choosing', 'judging']) {
    const own = scores.filter(({ name }) => halfOf(name) === half);
    if (own.length === 0) continue;
    const [original, today] = [mean(own.map((one) => one.original)), mean(own.map((one) => one.today))];
    console.log(`| ${set} | ${tilt} | ${half} | ${own.length} | ${original.toFixed(3)} | ${today.toFixed(3)} |`);
    if (!values.each) continue;
    for (const one of own)
      if (one.original !== one.today) console.log(`    ${one.name} ${one.original.toFixed(3)} ${one.today.toFixed(3)}`);
  }
}

async function scoresOf(folder: string, tilt: number): Promise<Scores[]> {
  const scores: Scores[] = [];
  for (const file of readdirSync(folder).filter((name) => /\.(png|jpe?g|webp)$/.test(name))) {
    const picture = path.join(folder, file);
    const upright = readFileSync(picture);
    const bytes = await turned(upright, tilt);
    const read = await cache.read(bytes, () => decodeImage(bytes));
    const labels = labelsOf(picture);
    const back = turnBack(await sizeOf(upright), await sizeOf(bytes), tilt);
    const lines = read.filter(({ text_region }) => !isIgnored(text_region.map(back), labels));
    const expected = textOf(labels.filter(({ ignore }) => ignore !== true));
    scores.push({
      name: path.parse(file).name,
      original: similarity(textOf(originalOrder(lines)), expected),
      today: similarity(textOf(inReadingOrder(lines)), expected),
    });
  }
  return scores;
}

function halfOf(name: string): 'choosing' | 'judging' {
  return (createHash('sha256').update(name).digest()[0] ?? 0) % 2 === 0 ? 'choosing' : 'judging';
}

function originalOrder(lines: readonly TextLine[]): TextLine[] {
  const lineOf = new Map(lines.map((line) => [line.text_region, line]));
  return topEdgeOrder(lines.map((line) => line.text_region)).flatMap((box) => lineOf.get(box) ?? []);
}

/** Turns clockwise on the color of the first pixel. */
async function turned(bytes: Buffer, degrees: number): Promise<Buffer> {
  if (degrees === 0) return bytes;
  const picture = sharp(bytes).removeAlpha().toColorspace('srgb');
  const { data } = await picture
    .clone()
    .extract({ left: 0, top: 0, width: 1, height: 1 })
    .raw()
    .toBuffer({ resolveWithObject: true });
  const [r = 0, g = 0, b = 0] = data;
  return picture.rotate(degrees, { background: { r, g, b } }).png().toBuffer();
}

function labelsOf(picture: string): readonly Label[] {
  const { dir, name } = path.parse(picture);
  const json = path.join(dir, `${name}.json`);
  if (existsSync(json)) return (JSON.parse(readFileSync(json, 'utf8')) as { lines: Label[] }).lines;
  return readLabels(path.join(dir, `${name}.csv`)).map((text) => ({ text }));
}

async function sizeOf(bytes: Buffer): Promise<Point> {
  const { width, height } = await sharp(bytes).metadata();
  return [width, height];
}

/** Finds the place in the upright picture of a place in the turned one; both turn about their centers. */
function turnBack([width, height]: Point, [turnedWidth, turnedHeight]: Point, degrees: number): (at: Point) => Point {
  const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  return ([x, y]) => {
    const [dx, dy] = [x - turnedWidth / 2, y - turnedHeight / 2];
    return [dx * cos + dy * sin + width / 2, dy * cos - dx * sin + height / 2];
  };
}

/** Whether the center of a line lies in the bounds of a label that does not count. */
function isIgnored(region: readonly Point[], labels: readonly Label[]): boolean {
  const [x, y] = [mean(region.map(([px]) => px)), mean(region.map(([, py]) => py))];
  return labels.some(({ ignore, poly = [] }) => {
    if (ignore !== true) return false;
    const [xs, ys] = [poly.map(([px]) => px), poly.map(([, py]) => py)];
    return x >= Math.min(...xs) && x <= Math.max(...xs) && y >= Math.min(...ys) && y <= Math.max(...ys);
  });
}

function textOf(lines: readonly { readonly text: string }[]): string {
  return lines.map(({ text }) => plain(text)).join('');
}

/** Letters that labels and recognizer write differently are the same. */
function plain(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/[“”„]/gu, '"')
    .replace(/[‘’]/gu, "'")
    .replace(/[–—―−‐‑]/gu, '-')
    .toUpperCase()
    .replace(/\s+/gu, '');
}

function similarity(read: string, expected: string): number {
  return 1 - editDistance(read, expected) / Math.max(1, read.length, expected.length);
}
