/**
 * Reads labelled pages as they are and turned by 90, 180 and 270 degrees, and prints the word F1 and the CPU time of each
 * turn, beside `page_rotation: 0` on the upright page.
 *
 *   npm run build && node bench/run.js rotations --pages FOLDER [--each 4] [--skip 0]
 *
 * FOLDER has folders of pictures, each beside a .json file with {"lines": [{"text"}, ...]}, or a .csv file of SROIE.
 * `--each` is the number of pictures of each folder, after the first `--skip`.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { decodeImage, TextSystem } from 'ocrhub';
import sharp from 'sharp';

const { values } = parseArgs({
  options: {
    pages: { type: 'string' },
    each: { type: 'string', default: '4' },
    skip: { type: 'string', default: '0' },
  },
});
if (values.pages === undefined) throw new Error('Name the folder of the pages: --pages FOLDER');

interface Sum {
  both: number;
  read: number;
  labelled: number;
  cpuSeconds: number;
}

const system = await TextSystem.create({ threads: 1 });
const sums = new Map<string, Sum>();
for (const file of picturesIn(values.pages)) {
  const labels = wordsOf(labelsOf(file));
  for (const [turn, page_rotation] of [
    [0, 0],
    [0, 'auto'],
    [90, 'auto'],
    [180, 'auto'],
    [270, 'auto'],
  ] as const) {
    const turned = sharp(readFileSync(file)).flatten({ background: '#fff' }).rotate(turn);
    const image = await decodeImage(await turned.png().toBuffer());
    const start = process.cpuUsage();
    const lines = await system.read(image, { page_rotation });
    const { user, system: kernel } = process.cpuUsage(start);
    const words = wordsOf(lines.map(({ text }) => text));
    const name = `turned by ${turn}, page_rotation ${page_rotation}`;
    const sum = sums.get(name) ?? { both: 0, read: 0, labelled: 0, cpuSeconds: 0 };
    for (const [word, count] of words) sum.both += Math.min(count, labels.get(word) ?? 0);
    sum.read += total(words);
    sum.labelled += total(labels);
    sum.cpuSeconds += (user + kernel) / 1e6;
    sums.set(name, sum);
  }
}
for (const [name, { both, read, labelled, cpuSeconds }] of sums) {
  console.log(`${name}: word F1 ${((2 * both) / (read + labelled)).toFixed(4)}, ${cpuSeconds.toFixed(1)} CPU-s`);
}
await system.dispose();

function picturesIn(root: string): string[] {
  const [skip, each] = [Number(values.skip), Number(values.each)];
  const folders = readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return folders.flatMap(({ name }) => {
    const folder = path.join(root, name);
    const pictures = readdirSync(folder).filter((file) => /\.(png|jpg)$/.test(file));
    return pictures.slice(skip, skip + each).map((file) => path.join(folder, file));
  });
}

function labelsOf(picture: string): string[] {
  const stem = picture.replace(/\.\w+$/, '');
  if (existsSync(`${stem}.json`)) {
    const { lines } = JSON.parse(readFileSync(`${stem}.json`, 'utf8')) as { lines: { text: string }[] };
    return lines.map(({ text }) => text);
  }
  const rows = readFileSync(`${stem}.csv`, 'utf8').split(/\r?\n/);
  return rows.filter((row) => row !== '').map((row) => row.split(',').slice(8).join(','));
}

/** How often each word occurs. */
function wordsOf(lines: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  const words = lines.flatMap((line) => line.normalize('NFKC').toUpperCase().split(/\s+/));
  for (const word of words) if (word !== '') counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}

function total(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((sum, count) => sum + count, 0);
}
