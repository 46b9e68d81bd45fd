/**
 * How well the boxes of words fit, on pages that this script draws. Prints the share of words whose box has an
 * intersection over union of at least 0.7 with the true one.
 *
 *   node bench/run.js word-boxes choose|judge [PAGES]
 *   node bench/run.js word-boxes write FOLDER
 *
 * choose, judge: two sets of pages from different seeds. Rules are chosen on one, and judged on the other.
 * write: the pages and true boxes of test/fixtures/words.
 *
 * The fonts are DejaVu and Noto CJK: apt-get install fonts-dejavu fonts-noto-cjk
 */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { decodeImage } from '../src/runtime/document/decode-image.js';
import { loadSharp } from '../src/runtime/image/sharp.js';
import { systemParams } from '../src/runtime/ocr/params.js';
import { TextSystem } from '../src/runtime/ocr/text-system.js';
import { fitWords, type TrueLine, type WordFit } from '../test/helpers/word-boxes.js';
import { drawPage } from './word-boxes/drawn-page.js';
import { kinds } from './word-boxes/lines.js';
import { generator } from './word-boxes/random.js';

const [task = 'judge', argument] = process.argv.slice(2);
const sharp = loadSharp();
// The pipeline blocks this decoder when it loads sharp; here it draws.
sharp.unblock({ operation: ['VipsForeignLoadSvgBuffer'] });

if (task === 'write') await writeFixtures(argument ?? '.');
else await measure(task === 'choose' ? 1 : 1_000_003, Number(argument ?? 6));

async function writeFixtures(folder: string): Promise<void> {
  const truth: Record<string, { angle: number; lines: readonly TrueLine[] }> = {};
  for (const { name, ...kind } of kinds.filter(({ isFixture = false }) => isFixture)) {
    const { picture, lines } = await drawPage({ name, ...kind }, generator(7));
    const file = `${name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}.webp`;
    const few = await sharp(picture).png({ palette: true, colours: 16, effort: 10 }).toBuffer();
    await writeFile(path.join(folder, file), await sharp(few).webp({ lossless: true, effort: 6 }).toBuffer());
    truth[file] = { angle: kind.angle, lines };
  }
  const rounded = JSON.stringify(truth, (_, value: unknown) =>
    typeof value === 'number' ? Math.round(value * 10) / 10 : value,
  );
  await writeFile(path.join(folder, 'words.json'), `${rounded}\n`);
}

async function measure(seed: number, pages: number): Promise<void> {
  const system = await TextSystem.create(systemParams.parse({}));
  const rows = new Map<string, { drawn: number; fits: WordFit[] }>();
  for (const kind of kinds) {
    for (let page = 0; page < pages; page++) {
      const { picture, lines } = await drawPage(kind, generator(seed + page));
      const image = await decodeImage(picture);
      const found = await system.read(image, { return_word_box: true, use_angle_cls: kind.angle === 180 });
      const fits = fitWords(lines, found);
      for (const group of ['all', ...new Set(lines.flat().map((word) => word.kind))]) {
        const isIn = (word: { readonly kind: string }): boolean => group === 'all' || word.kind === group;
        for (const name of [kind.name, 'Everything']) {
          const row = rows.get(`${name}, ${group}`) ?? { drawn: 0, fits: [] };
          row.drawn += lines.flat().filter(isIn).length;
          row.fits.push(...fits.filter(({ word }) => isIn(word)));
          rows.set(`${name}, ${group}`, row);
        }
      }
    }
  }
  console.log(columns(['', 'drawn', 'read', 'along', 'font', 'line ink', 'own ink', 'outside']));
  for (const [name, { drawn, fits }] of rows) {
    const share = (of: 'along' | 'font' | 'ink' | 'own'): string =>
      `${((100 * fits.filter((fit) => fit[of] >= 0.7).length) / fits.length).toFixed(1)} %`;
    const outside = fits.filter(({ isInside }) => !isInside).length;
    console.log(
      columns([name, drawn, fits.length, share('along'), share('font'), share('ink'), share('own'), outside]),
    );
  }
}

function columns([name, ...values]: readonly (string | number)[]): string {
  return `${String(name).padEnd(32)}${values.map((value) => String(value).padStart(10)).join('')}`;
}
