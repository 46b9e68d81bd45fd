/**
 * Pictures of the kinds on which readers fail, drawn from seeds, and how many are read right.
 *
 *   node bench/run.js kinds [--kind tiny,strip] [--seed choose|judge] [--count N] [--setting reference] [--failures]
 *                           [--write FOLDER] [--record] [name=value ...]
 *
 * Each kind is a file of bench/kinds. Rules are chosen on the pictures of one seed and judged on those of the other.
 * `name=value` sets a parameter, such as precision=f32 or det_border=0. --failures prints what was read instead.
 *
 * --record keeps the counts in docs/kinds.json and writes the table of docs/accuracy.md. It needs precision=int8 or
 * precision=f32, the judging seed and the default setting. Kinds may be recorded one by one.
 *
 * --write FOLDER writes the first pictures of each kind that has small ones, for test/fixtures/kinds.
 *
 * right: the texts are exactly the expected ones, spaces left out unless the kind is about spaces. wrong: something else was read. nothing: no line.
 * Of pages, the lines that were read as expected are compared: right if they are in order, wrong if not.
 *
 * The fonts are DejaVu, Liberation and Noto CJK: apt-get install fonts-dejavu fonts-liberation fonts-noto-cjk
 */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { decodeImage } from '../src/runtime/document/decode-image.js';
import { TextSystem, type TextSystemOptions } from '../src/runtime/ocr/text-system.js';
import { cpuSecondsSince } from './lib/cpu-time.js';
import { parsedValue } from './lib/parameters.js';
import { alpha } from './kinds/alpha.js';
import { bits } from './kinds/bits.js';
import { upright, upsideDown } from './kinds/classifier.js';
import { tight, tiny } from './kinds/crops.js';
import { display } from './kinds/display.js';
import type { Case, Kind } from './kinds/kind.js';
import { layoutKinds } from './kinds/layouts.js';
import { narrow } from './kinds/narrow.js';
import { narrowTable } from './kinds/narrow-table.js';
import { nothing } from './kinds/nothing.js';
import { letterSpaced } from './kinds/letter-spaced.js';
import { overDrawing } from './kinds/over-drawing.js';
import { quad45 } from './kinds/quad45.js';
import { sliceHuge } from './kinds/slice-huge.js';
import { smallPrint } from './kinds/small-print.js';
import { strip } from './kinds/strip.js';
import { textures } from './kinds/textures.js';
import { verticalMarks } from './kinds/vertical-marks.js';
import { recordKind } from './report/kinds-record.js';
import { generator } from './word-boxes/random.js';

const kinds: readonly Kind[] = [
  tiny,
  tight,
  strip,
  quad45,
  sliceHuge,
  alpha,
  bits,
  upright,
  upsideDown,
  narrow,
  narrowTable,
  nothing,
  textures,
  ...smallPrint,
  display,
  letterSpaced,
  ...layoutKinds,
  verticalMarks,
  overDrawing,
];

const { values, positionals } = parseArgs({
  options: {
    kind: { type: 'string' },
    seed: { type: 'string', default: 'judge' },
    count: { type: 'string' },
    setting: { type: 'string', default: 'default' },
    write: { type: 'string' },
    failures: { type: 'boolean', default: false },
    record: { type: 'boolean', default: false },
  },
  allowPositionals: true,
});
const seeds: Readonly<Record<string, number>> = { choose: 1, judge: 1_000_003 };
const seed = seeds[values.seed];
if (seed === undefined) throw new Error(`--seed is "${values.seed}"; it must be choose or judge`);
const names = values.kind?.split(',') ?? kinds.map(({ name }) => name);
const unknown = names.find((name) => kinds.every((kind) => kind.name !== name));
if (unknown !== undefined)
  throw new Error(`--kind ${unknown} is unknown; the kinds are ${kinds.map(({ name }) => name).join(', ')}`);

const parameters = Object.fromEntries(positionals.map((word) => word.split('=', 2) as [string, string]));
const given = {
  setting: values.setting,
  ...Object.fromEntries(Object.entries(parameters).map(([k, v]) => [k, parsedValue(v)])),
};
const { precision, ...others } = parameters;
const recorded = precision === 'int8' || precision === 'f32' ? precision : undefined;
const isDefault = values.seed === 'judge' && values.setting === 'default' && Object.keys(others).length === 0;
if (values.record && (recorded === undefined || !isDefault))
  throw new Error('--record needs precision=int8 or precision=f32, and no other value, seed or setting');
const system = await TextSystem.create(given as TextSystemOptions);

if (values.write !== undefined) await writeFixtures(values.write);
else {
  console.log('kind            of    right   wrong  nothing  CPU s a picture');
  for (const kind of kinds.filter(({ name }) => names.includes(name))) await measure(kind);
}
await system.dispose();

async function writeFixtures(folder: string): Promise<void> {
  const texts: Record<string, { expected: readonly string[]; fields?: object; withSpaces?: boolean }> = {};
  for (const kind of kinds.filter(({ name }) => names.includes(name))) {
    for (let i = 0; i < (kind.fixtures ?? 0); i++) {
      const { picture, expected, fields, format = 'png' } = await kind.draw(generator((seed ?? 0) + i * 7919), i);
      const file = `${kind.name}-${i + 1}.${format}`;
      writeFileSync(path.join(folder, file), picture);
      const spaces = kind.unit === 'text' ? { withSpaces: true } : {};
      texts[file] = { expected, ...(fields === undefined ? {} : { fields }), ...spaces };
    }
  }
  writeFileSync(path.join(folder, 'kinds.json'), `${JSON.stringify(texts, undefined, 1)}\n`);
}

async function measure(kind: Kind): Promise<void> {
  const count = Number(values.count ?? kind.count);
  const total = { of: 0, right: 0, wrong: 0, nothing: 0 };
  let seconds = 0;
  for (let i = 0; i < count; i++) {
    // One generator a case, so that a smaller --count has the same pictures.
    const drawnCase = await kind.draw(generator((seed ?? 0) + i * 7919), i);
    const image = await decodeImage(drawnCase.picture, { asStored: values.setting === 'reference' });
    const start = process.cpuUsage();
    const lines = await system.read(image, drawnCase.fields);
    seconds += cpuSecondsSince(start);
    const texts = lines.map(({ text }) => text);
    const counted = countOf(kind, drawnCase, texts);
    for (const name of ['of', 'right', 'wrong', 'nothing'] as const) total[name] += counted[name];
    if (values.failures && counted.right < counted.of)
      console.log(
        `  ${i} ${image.width} x ${image.height}: ${JSON.stringify(drawnCase.expected)} read ${JSON.stringify(lines.map(({ text, confidence }) => [text, Math.round(confidence * 100) / 100]))}`,
      );
  }
  const cells = [total.of, total.right, total.wrong, total.nothing].map((value) => String(value).padStart(8));
  console.log(`${kind.name.padEnd(12)}${cells.join('')}  ${(seconds / count).toFixed(4)}`);
  if (values.record && recorded !== undefined) await recordKind(kind.name, recorded, { pictures: count, ...total });
}

function countOf({ unit }: Kind, { expected }: Case, texts: readonly string[]) {
  const form = unit === 'text' ? (text: string) => text.normalize('NFKC') : bare;
  const left = texts.map(form);
  const missing = expected.filter((text) => {
    const at = left.indexOf(form(text));
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  }).length;
  if (expected.length === 0) {
    const right = texts.length === 0 ? 1 : 0;
    return { of: 1, right, wrong: 1 - right, nothing: 0 };
  }
  if (unit === 'order') {
    const [read, wanted] = [texts.map(bare), expected.map(bare)];
    const inOrder = read.filter((text) => wanted.includes(text)).join('\n');
    const right = inOrder !== '' && inOrder === wanted.filter((text) => read.includes(text)).join('\n') ? 1 : 0;
    const nothing = texts.length === 0 ? 1 : 0;
    return { of: 1, right, wrong: 1 - right - nothing, nothing };
  }
  if (unit === 'line') {
    const wrong = Math.min(missing, left.length);
    return { of: expected.length, right: expected.length - missing, wrong, nothing: missing - wrong };
  }
  const right = missing === 0 && left.length === 0 ? 1 : 0;
  const nothing = right === 0 && texts.length === 0 ? 1 : 0;
  return { of: 1, right, wrong: 1 - right - nothing, nothing };
}

function bare(text: string): string {
  return text.replaceAll(/\s/g, '').normalize('NFKC');
}
