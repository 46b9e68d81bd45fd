/**
 * How the detector handles long strips, in one process with one thread.
 *
 *   node bench/run.js strips [letters] [seams] [lengths] [order]
 *
 * letters: lines that are still read, by how far a page is shrunk; draws with the font DejaVu Sans.
 * seams: boxes from stitched maps that equal, to three pixels, those from the map of the whole strip, by overlap.
 * lengths: CPU seconds (user + system of the process) of detection on strips, by length.
 * order: CPU milliseconds of sorting boxes into reading order, below each other and side by side, by number.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { cpuSecondsSince } from './lib/cpu-time.js';
import { root } from './lib/ocrhub.js';
import type { Quad } from '../src/runtime/geometry/point.js';
import type { Image } from '../src/runtime/image/image.js';
import { resize, type Region } from '../src/runtime/image/resize.js';
import { boxesFromMap, type ProbabilityMap, type ScoredBox } from '../src/runtime/ocr/detect/db-postprocess.js';
import { decodeImage } from '../src/runtime/document/decode-image.js';
import { Detector } from '../src/runtime/ocr/detect/detector.js';
import { systemParams } from '../src/runtime/ocr/params.js';
import { readingOrder } from '../src/runtime/ocr/order/reading-order.js';
import { sliceStarts } from '../src/runtime/ocr/detect/slices.js';
import { stitchSlices } from '../src/runtime/ocr/detect/stitch.js';
import { TextSystem } from '../src/runtime/ocr/text-system.js';

const asked = process.argv.slice(2);
const wants = (section: string): boolean => asked.length === 0 || asked.includes(section);
const params = systemParams.parse({});
const detector = await Detector.create(params);
const tall = await fixture('strip-tall.webp');
const wide = await fixture('strip-wide.webp');
const shot = await fixture('screenshot.webp');

if (wants('letters')) await letters();
if (wants('seams')) await seams();
if (wants('lengths')) await lengths();
if (wants('order')) order();

async function letters(): Promise<void> {
  const system = await TextSystem.create(params);
  const shrinks = [1, 1.5, 2, 2.4, 3, 4, 5, 6];
  console.log(`lines read when the page is shrunk      ${shrinks.map((by) => String(by).padStart(6)).join('')}  times`);
  for (const size of [12, 14, 18, 24, 32]) {
    const lines = Array.from({ length: 24 }, (_, i) => `Row ${100 + i} copper garden ${(i * 37) % 100}`);
    const page = await drawn(lines, size);
    const read = [];
    for (const by of shrinks) {
      const limit = Math.round(Math.max(page.width, page.height) / by);
      const found = await system.read(page, { det_limit_side_len: limit, det_slice: false });
      const texts = new Set(found.map(({ text }) => text));
      read.push(`${lines.filter((line) => texts.has(line)).length}/${lines.length}`.padStart(6));
    }
    console.log(`font of ${String(size).padStart(2)} px                          ${read.join('')}`);
  }
}

async function seams(): Promise<void> {
  const length = 960;
  const strips = [
    ['300 px wide, lines across the strip', tall],
    ['300 px high, lines along the strip', wide],
    ['960 px wide, screenshot', resize(shot, 960, 12_448)],
  ] as const;
  for (const [name, strip] of strips) {
    for (const overlap of [64, 128, 192, 256, 320]) {
      // Three slices with exactly this overlap.
      const total = length + 2 * (length - overlap);
      const isTall = strip.height > strip.width;
      const part = isTall ? cut(strip, strip.width & ~31, total) : cut(strip, total, strip.height & ~31);
      const whole = await detector.probabilityMap(part, { det_slice: false, det_limit_side_len: 4000 });
      const slices = sliceStarts(total, length, overlap).map((start): Region =>
        isTall
          ? { x: 0, y: start, width: part.width, height: length }
          : { x: start, y: 0, width: length, height: part.height },
      );
      const stitched = await stitchSlices({ size: part, slices }, async (slice) => {
        const { data } = await detector.probabilityMap(cut(part, slice.width, slice.height, slice.x, slice.y), {
          det_slice: false,
        });
        return data;
      });
      const expected = boxesFromMap(whole, part, params);
      const found = boxesFromMap(stitched, part, params);
      const same = found.filter((box) => expected.some((other) => near(box, other))).length;
      console.log(
        `${name}: overlap ${String(overlap).padStart(3)}, ${slices.length} slices: ${expected.length} boxes of the whole, ` +
          `${found.length} stitched, ${same} the same, mean difference ${meanDifference(whole, stitched).toExponential(1)}`,
      );
    }
  }
}

async function lengths(): Promise<void> {
  for (const [name, strip] of [
    ['300 px wide', tall],
    ['1080 px wide', shot],
  ] as const) {
    for (const height of [3500, 7000, 10_000, 20_000, 40_000]) {
      const long = repeated(strip, height);
      const before = process.cpuUsage();
      const boxes = await detector.detect(long);
      const seconds = cpuSecondsSince(before);
      const megapixels = (long.width * height) / 1e6;
      console.log(
        `${name}, ${String(height).padStart(5)} px long: ${String(boxes.length).padStart(4)} boxes, ` +
          `${seconds.toFixed(2)} CPU s, ${(seconds / megapixels).toFixed(2)} a megapixel`,
      );
    }
  }
}

function order(): void {
  for (const count of [3000, 6000, 12_000, 24_000]) {
    const column = Array.from({ length: count }, (_, i) => boxAt((i * 7) % 100, i * 30));
    const row = Array.from({ length: count }, (_, i) => boxAt(i * 100, (i * 7) % 10));
    const [below, beside] = [column, row].map((boxes) => {
      const before = process.cpuUsage();
      for (let i = 0; i < 10; i++) readingOrder(boxes);
      return ((cpuSecondsSince(before) / 10) * 1000).toFixed(1);
    });
    console.log(`${String(count).padStart(5)} boxes: ${below} ms below each other, ${beside} ms side by side`);
  }
}

function boxAt(x: number, y: number): Quad {
  return [
    [x, y],
    [x + 50, y],
    [x + 50, y + 20],
    [x, y + 20],
  ];
}

function fixture(name: string): Promise<Image> {
  return decodeImage(readFileSync(path.join(root, 'test', 'fixtures', name)));
}

/** Black lines on white, 1.9 font sizes apart, with a margin. */
async function drawn(lines: readonly string[], size: number): Promise<Image> {
  const rows = await Promise.all(
    lines.map(async (line, i) => ({
      input: await sharp({ text: { text: line, font: `DejaVu Sans ${size}`, dpi: 72, rgba: true } })
        .png()
        .toBuffer(),
      left: 20,
      top: Math.round(20 + i * size * 1.9),
    })),
  );
  const width = Math.max(960, size * 30);
  const height = Math.round(40 + lines.length * size * 1.9);
  const page = sharp({ create: { width, height, channels: 3, background: '#fff' } }).composite(rows);
  return decodeImage(await page.png().toBuffer());
}

function cut(image: Image, width: number, height: number, left = 0, top = 0): Image {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    const from = ((top + y) * image.width + left) * 3;
    data.set(image.data.subarray(from, from + width * 3), y * width * 3);
  }
  return { width, height, data };
}

function repeated(image: Image, height: number): Image {
  const data = new Uint8Array(image.width * height * 3);
  for (let at = 0; at < data.length; at += image.data.length) data.set(image.data.subarray(0, data.length - at), at);
  return { width: image.width, height, data };
}

function near(a: ScoredBox, b: ScoredBox): boolean {
  const others = b.box.flat();
  return a.box.flat().every((value, i) => Math.abs(value - (others[i] ?? 0)) <= 3);
}

function meanDifference(a: ProbabilityMap, b: ProbabilityMap): number {
  return a.data.reduce((sum, value, i) => sum + Math.abs(value - (b.data[i] ?? 0)), 0) / a.data.length;
}
