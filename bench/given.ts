/**
 * Pictures of public reports with their right texts: which of them are read right.
 *
 *   node bench/run.js given --data FOLDER [--kind spaces,tiny] [--precision f32]... [name=value ...]
 *
 * FOLDER holds pictures, and for each a NAME.json `{expected: [TEXT, ...], request_fields?: {...}}` beside it. The kind of a
 * picture is its name without the number at its end. `name=value` sets a parameter.
 *
 * A picture is right if the texts of all its pages are exactly the expected ones, in their order, with their spaces.
 */
import { parseArgs } from 'node:util';
import { TextSystem, type TextSystemOptions } from '../src/runtime/ocr/text-system.js';
import { givenPictures, textsOf } from '../test/helpers/given-pictures.js';
import { parsedValue } from './lib/parameters.js';

const { values, positionals } = parseArgs({
  options: {
    data: { type: 'string' },
    kind: { type: 'string' },
    precision: { type: 'string', multiple: true, default: ['f32', 'int8'] },
  },
  allowPositionals: true,
});
if (values.data === undefined) throw new Error('--data FOLDER is missing');
const pictures = givenPictures(values.data).filter(({ kind }) => values.kind?.split(',').includes(kind) ?? true);
const parameters = Object.fromEntries(
  positionals.map((word) => word.split('=', 2)).map(([name = '', value = '']) => [name, parsedValue(value)]),
);

const failures: string[] = [];
const marks = new Map(pictures.map(({ name }) => [name, [] as string[]]));
for (const precision of values.precision) {
  const system = await TextSystem.create({ ...parameters, precision } as TextSystemOptions);
  for (const picture of pictures) {
    const { name, expected } = picture;
    const texts = await textsOf(system, picture);
    const isRight = JSON.stringify(texts) === JSON.stringify(expected);
    marks.get(name)?.push(isRight ? 'right' : 'wrong');
    if (isRight) continue;
    const missed = expected.filter((text) => !texts.includes(text));
    const other = texts.filter((text) => !expected.includes(text));
    failures.push(`${name}, ${precision}: missed ${JSON.stringify(missed)}, read ${JSON.stringify(other)}`);
  }
  await system.dispose();
}
console.log(`| picture | ${values.precision.join(' | ')} |\n|---${values.precision.map(() => '|---').join('')}|`);
for (const [name, cells] of marks) console.log(`| ${name} | ${cells.join(' | ')} |`);
for (const failure of failures) console.log(failure);
