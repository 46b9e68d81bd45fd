import fc from 'fast-check';
import { fixture } from '../../helpers/pictures.js';
import type { Schema } from './operations.js';

/** Stands for a number that JavaScript cannot hold. `jsonText` writes it. */
const rawNumber = /"<number ([^"]+)>"/g;

/** JSON text of a value, with numbers that JavaScript cannot hold. */
export function jsonText(value: unknown): string {
  return ((JSON.stringify(value) as string | undefined) ?? '').replace(rawNumber, '$1');
}

const pictures = ['small.png', 'pixel.png', 'page.webp'].map(fixture);

const picture = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...pictures) },
  { weight: 1, arbitrary: fc.constantFrom(...pictures.map((text) => `data:image/png;base64,${text}`)) },
  { weight: 1, arbitrary: fc.base64String() },
  {
    weight: 1,
    arbitrary: fc.constantFrom('', ' ', '====', 'http://127.0.0.1:1/a.png', 'file:///etc/passwd', '/etc/passwd'),
  },
);

const nested = fc
  .integer({ min: 2, max: 3000 })
  .map((depth) => JSON.parse('['.repeat(depth) + ']'.repeat(depth)) as unknown);

/** A value of any kind. */
export const oddValue: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(null, true, false, 0, -1, 1.5, '', [], {}, 'null', 'true', '0'),
  fc.constantFrom(
    '<number 1e999>',
    '<number -1e308>',
    '<number 1e-400>',
    '<number 123456789012345678901234567890>',
    '<number -0>',
  ),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.jsonValue({ maxDepth: 3 }),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom(
    '\ud800',
    '\u0000',
    '\u202eabc',
    '\ufeff',
    '💥'.repeat(300),
    'x'.repeat(70_000),
    '${7*7}',
    '\r\nX-Injected: 1',
    '%s%n',
    '../../etc/passwd',
  ),
  fc.constant(JSON.parse('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}') as unknown),
  nested,
);

/** A value that follows a schema, mostly; one in thirty is of any kind. */
export function valueOf(schema: Schema, name = ''): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 29, arbitrary: fittingValue(schema, name) }, { weight: 1, arbitrary: oddValue });
}

function fittingValue(schema: Schema, name: string): fc.Arbitrary<unknown> {
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined && schema.properties === undefined)
    return fc.oneof(...choices.map((choice) => valueOf(choice, name)));
  const types = [schema.type ?? 'any'].flat();
  return fc.oneof(...types.map((type) => valueOfType(type, schema, name)));
}

function valueOfType(type: string, schema: Schema, name: string): fc.Arbitrary<unknown> {
  const from = schema.minimum ?? schema.exclusiveMinimum ?? -1000;
  const to = Math.max(from, schema.maximum ?? 1000);
  switch (type) {
    case 'object':
      return objectOf(schema);
    case 'array':
      return fc.array(valueOf(schema.items ?? schema.prefixItems?.[0] ?? {}, name), { maxLength: 4 });
    case 'string':
      return isPicture(name) ? picture : fc.oneof(fc.constantFrom('a', '1', '1-3', 'markdown', 'PDF'), fc.string());
    case 'integer':
      return fc.integer({ min: Math.max(-(2 ** 31), Math.ceil(from)), max: Math.min(2 ** 31, Math.floor(to)) });
    case 'number':
      return fc.double({ min: from, max: to, noNaN: true });
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    default:
      return oddValue;
  }
}

/** All required fields, mostly, and some of the others; sometimes one that nobody knows. */
function objectOf({ properties = {}, required = [] }: Schema): fc.Arbitrary<unknown> {
  const fields = Object.entries(properties).map(([name, schema]) => {
    const share = required.includes(name) ? 0.95 : 0.2;
    return fc.tuple(
      fc.constant(name),
      valueOf(schema, name),
      fc.double({ min: 0, max: 1, noNaN: true }).map((chance) => chance < share),
    );
  });
  const extra = fc.option(
    fc.tuple(fc.constantFrom('__proto__', 'constructor', 'toString', 'paths', 'x', ''), oddValue),
    { freq: 8, nil: undefined },
  );
  return fc.tuple(fc.tuple(...fields), extra).map(([chosen, more]) => {
    const entries = chosen.filter(([, , isIn]) => isIn).map(([name, value]) => [name, value] as const);
    // fromEntries defines a field named __proto__, as JSON.parse does.
    return Object.fromEntries(more === undefined ? entries : [...entries, more]);
  });
}

function isPicture(name: string): boolean {
  return /image|file|base64|data|value|source|url/i.test(name);
}
