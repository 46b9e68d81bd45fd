/**
 * The order of lines: 1-NED of the original's rule and of today's, on labelled pages and on rendered ones.
 *
 *   node bench/run.js order [--data FOLDER]... [--tilt DEGREES]... [--each]
 *
 * Each FOLDER is a set of pictures with their labels in reading order (lib/labelled-picture.ts says how they are written).
 * `--tilt` turns the pictures; several angles are measured one by one. `--each` also prints each picture whose order changed.
 *
 * 1-NED is 1 minus the edit distance of the whole text to the labels', without spaces, divided by the longer length. A set is
 * split by a hash of the file's name into pages for choosing rules, and pages for judging them. What the pipeline reads is kept
 * in bench/out/readings; delete it after a change of the pipeline.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { decodeImage } from '../src/runtime/image/decode.js';
import { inReadingOrder } from '../src/runtime/ocr/order/reading-order.js';
import { topEdgeOrder } from '../src/runtime/ocr/order/top-edge-order.js';
import type { TextLine } from '../src/runtime/ocr/text-line.js';
import { editDistance } from './lib/edit-distance.js';
import { halfOf, halves } from './lib/half.js';
import { isIgnored, labelledPictures } from './lib/labelled-picture.js';
import { plainText } from './lib/plain-text.js';
import { ReadingCache } from './lib/reading-cache.js';
import { mean } from './lib/statistics.js';
import { turnedPicture } from './lib/turned-picture.js';

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
  for (const half of halves) {
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
  for (const { name, file, labels } of labelledPictures(folder)) {
    const { bytes, back } = await turnedPicture(readFileSync(file), tilt);
    const read = await cache.read(bytes, () => decodeImage(bytes));
    const lines = read.filter(({ text_region }) => !isIgnored(text_region.map(back), labels));
    const expected = textOf(labels.filter(({ ignore }) => ignore !== true));
    scores.push({
      name,
      original: similarity(textOf(originalOrder(lines)), expected),
      today: similarity(textOf(inReadingOrder(lines)), expected),
    });
  }
  return scores;
}

function originalOrder(lines: readonly TextLine[]): TextLine[] {
  const lineOf = new Map(lines.map((line) => [line.text_region, line]));
  return topEdgeOrder(lines.map((line) => line.text_region)).flatMap((box) => lineOf.get(box) ?? []);
}

function textOf(lines: readonly { readonly text: string }[]): string {
  return lines.map(({ text }) => plainText(text)).join('');
}

function similarity(read: string, expected: string): number {
  return 1 - editDistance(read, expected) / Math.max(1, read.length, expected.length);
}
