/**
 * Whether two recognizers together read better than one: each reads all lines of labelled pictures, and of each line the surer
 * text is taken.
 *
 *   npm run build && node bench/run.js surer-line --pages FOLDER [--only NAME]... [--pictures 3] [--half choosing] MODEL MODEL
 *
 * FOLDER has folders of pictures, each a set (lib/labelled-picture.ts says of what). MODEL is a value of rec_model_dir.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { decodeImage, TextSystem, type TextLine } from 'ocrhub';
import { scoringOf } from './accuracy/manifest.js';
import { scorePage, scoreSet, type PageScore } from './accuracy/page-score.js';
import { cpuSecondsSince } from './lib/cpu-time.js';
import { halves, lowestOf } from './lib/half.js';
import { foldersOfPictures, labelledPictures } from './lib/labelled-picture.js';
import { sum } from './lib/statistics.js';
import { markdownTable } from './report/table.js';

const { values, positionals } = parseArgs({
  options: {
    pages: { type: 'string', multiple: true, default: [] },
    only: { type: 'string', multiple: true, default: [''] },
    pictures: { type: 'string', default: '3' },
    half: { type: 'string', default: 'choosing' },
  },
  allowPositionals: true,
});
const [first, second] = positionals;
const half = halves.find((name) => name === values.half);
if (first === undefined || second === undefined || half === undefined)
  throw new Error('Name two recognizers, and --half choosing or judging');
const minConfidence = 0.5;

// All lines are kept, so that those of both recognizers can be paired by their boxes.
const fixed = { threads: 1, drop_score: 0, page_rotation: 0, read_narrow: false } as const;
const system = await TextSystem.create({ ...fixed, rec_model_dir: first, rec_models: [second] });
const rows: string[][] = [];
for (const [set, folder] of values.pages.flatMap((pages) => [...foldersOfPictures(pages)])) {
  if (!values.only.some((start) => set.startsWith(start))) continue;
  const pictures = lowestOf(labelledPictures(folder), half, Number(values.pictures));
  const scores: Record<string, PageScore[]> = { [first]: [], [second]: [], 'the surer line': [] };
  const seconds: Record<string, number[]> = { [first]: [], [second]: [] };
  for (const { file, labels } of pictures) {
    const image = await decodeImage(readFileSync(file));
    const read: TextLine[][] = [];
    for (const rec_model of [first, second]) {
      const start = process.cpuUsage();
      read.push(await system.read(image, { rec_model }));
      seconds[rec_model]?.push(cpuSecondsSince(start));
    }
    const [own = [], other = []] = read;
    const others = new Map(other.map((line) => [JSON.stringify(line.text_region), line]));
    const surer = own.map((line) => {
      const rival = others.get(JSON.stringify(line.text_region));
      return rival !== undefined && rival.confidence > line.confidence ? rival : line;
    });
    for (const [name, lines] of [
      [first, own],
      [second, other],
      ['the surer line', surer],
    ] as const) {
      const kept = lines.filter(({ confidence }) => confidence >= minConfidence);
      const page = { texts: kept.map(({ text }) => text), boxes: kept.map(({ text_region }) => text_region) };
      scores[name]?.push(scorePage(page, labels));
    }
  }
  const { units } = scoringOf(
    set,
    pictures.flatMap(({ labels }) => labels.map(({ text }) => text)),
  );
  for (const [name, pages] of Object.entries(scores)) {
    const score = scoreSet(pages);
    const cpu = seconds[name] === undefined ? '' : (sum(seconds[name]) / pictures.length).toFixed(2);
    const f1 = units === 'words' ? score.wordF1 : score.characterF1;
    rows.push([`${set}, ${pictures.length}`, name, f1.toFixed(3), score.lineRecall.toFixed(3), cpu]);
  }
}
console.log(markdownTable(['set, pictures', 'reads', 'F1', 'line recall', 'CPU-s a picture'], rows));
await system.dispose();
