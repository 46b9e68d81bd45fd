import { expect, it } from 'vitest';
import { describeParameters } from '../../../src/runtime/module/described.js';
import { z } from '../../../src/runtime/values/check.js';

const schema = z.object({
  share: z.number().min(0).max(1).default(0.5).meta({ description: 'A share.', unit: 'ratio', perRequest: true }),
  above: z.number().positive().default(1),
  count: z.int().min(1).default(2),
  any: z.int().default(3),
  mode: z.enum(['fast', 'slow']).default('fast'),
  file: z.string().default(''),
});
const predict = (): unknown[] => [];

it('describes each parameter of a schema with the value of params.ts', () => {
  const described = describeParameters({ name: 'a', version: '1.0.0', schema, params: { share: 0.7 }, predict }, '/a');
  expect(described[0]).toEqual({
    name: 'share',
    default: 0.7,
    type: 'number',
    range: 'from 0 to 1',
    unit: 'ratio',
    description: 'A share.',
    perRequest: true,
  });
});

it('writes ranges in words', () => {
  const described = describeParameters({ name: 'a', version: '1.0.0', schema, predict }, '/a');
  expect(described.map(({ name, type, range }) => [name, type, range])).toEqual([
    ['share', 'number', 'from 0 to 1'],
    ['above', 'number', 'above 0'],
    ['count', 'integer', 'from 1'],
    ['any', 'integer', ''],
    ['mode', 'choice', 'fast, slow'],
    ['file', 'string', ''],
  ]);
});

it('refuses a params.ts that its own schema refuses', () => {
  const module = { name: 'a', version: '1.0.0', schema, params: { share: 2 }, predict };
  expect(() => describeParameters(module, '/a')).toThrow(
    'params.ts of /a: share is 2: Too big: expected number to be <=1; allowed: from 0 to 1',
  );
  expect(() => describeParameters({ ...module, params: { shar: 1 } }, '/a')).toThrow(
    'params.ts of /a: unknown key "shar"; allowed: share, above, count, any, mode, file',
  );
});

it('describes nothing for a module without a schema', () => {
  expect(describeParameters({ name: 'a', version: '1.0.0', predict }, '/a')).toEqual([]);
});
