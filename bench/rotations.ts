/**
 * Reads labelled pictures as they are and turned, and prints for each set and turn the word or character F1, its share of the
 * upright F1, and the CPU time.
 *
 *   npm run build && node bench/run.js rotations --pages FOLDER [--only NAME]... [--each 4] [--turn DEGREES]... [--half judging]
 *
 * FOLDER has folders of pictures, each a set (lib/labelled-picture.ts says of what); bench/out/accuracy/sets has those that
 * `bench/run.js accuracy --bring` brought. `--each` is the number of pictures of each set, those with
 * the lowest sums of their names. Turns are clockwise; the usual ones are
 * quarters and tilts of up to 45 degrees. The first row of a set reads upright with `page_rotation: 0`.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { decodeImage, TextSystem } from 'ocrhub';
import { scoringOf } from './accuracy/manifest.js';
import { scorePage, scoreSet, type PageScore } from './accuracy/page-score.js';
import { cpuSecondsSince } from './lib/cpu-time.js';
import { halves, lowestOf } from './lib/half.js';
import { foldersOfPictures, labelledPictures, type LabelledPicture } from './lib/labelled-picture.js';
import { sum } from './lib/statistics.js';
import { turnedPicture } from './lib/turned-picture.js';
import { markdownTable } from './report/table.js';

const { values } = parseArgs({
  options: {
    pages: { type: 'string', multiple: true, default: [] },
    only: { type: 'string', multiple: true, default: [''] },
    each: { type: 'string', default: '4' },
    turn: {
      type: 'string',
      multiple: true,
      default: ['90', '180', '270', '5', '-5', '15', '-15', '30', '-30', '45', '-45'],
    },
    half: { type: 'string', default: 'judging' },
  },
});
if (values.pages.length === 0) throw new Error('Name the folder of the pages: --pages FOLDER');
const half = halves.find((name) => name === values.half);
if (half === undefined) throw new Error(`--half is one of: ${halves.join(', ')}`);

interface TurnResult {
  readonly f1: number;
  readonly cpuSeconds: number;
}

const system = await TextSystem.create({ threads: 1 });
const rows: string[][] = [];
for (const [set, folder] of values.pages.flatMap((pages) => [...foldersOfPictures(pages)])) {
  if (!values.only.some((start) => set.startsWith(start))) continue;
  const pictures = lowestOf(labelledPictures(folder), half, Number(values.each));
  if (pictures.length === 0) continue;
  const fixed = await readTurned(pictures, 0, 0);
  const upright = await readTurned(pictures, 0, 'auto');
  const row = (turn: string, { f1, cpuSeconds }: TurnResult): string[] => [
    `${set}, ${pictures.length}`,
    turn,
    f1.toFixed(4),
    (f1 / upright.f1).toFixed(3),
    cpuSeconds.toFixed(2),
  ];
  rows.push(row('upright, page_rotation 0', fixed), row('upright', upright));
  for (const turn of values.turn) rows.push(row(`${turn}°`, await readTurned(pictures, Number(turn), 'auto')));
  console.error(`${set} is read`);
}
console.log(markdownTable(['set, pictures', 'turned by', 'F1', 'of upright', 'CPU-s'], rows));
await system.dispose();

async function readTurned(
  pictures: readonly LabelledPicture[],
  turn: number,
  page_rotation: 0 | 'auto',
): Promise<TurnResult> {
  const scores: PageScore[] = [];
  const seconds: number[] = [];
  for (const { file, labels } of pictures) {
    const { bytes, back } = await turnedPicture(readFileSync(file), turn);
    const image = await decodeImage(bytes);
    const start = process.cpuUsage();
    const lines = await system.read(image, { page_rotation });
    seconds.push(cpuSecondsSince(start));
    const boxes = lines.map(({ text_region }) => text_region.map(back));
    scores.push(scorePage({ texts: lines.map(({ text }) => text), boxes }, labels));
  }
  const score = scoreSet(scores);
  const { units } = scoringOf(
    '',
    pictures.flatMap(({ labels }) => labels.map(({ text }) => text)),
  );
  return { f1: units === 'words' ? score.wordF1 : score.characterF1, cpuSeconds: sum(seconds) };
}
