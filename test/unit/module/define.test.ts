import { expect, it } from 'vitest';
import { defineModule, toModule } from '../../../src/runtime/module/define.js';
import { z } from '../../../src/runtime/values/check.js';

const good = { name: 'x', version: '1.0.0', predict: () => [] };

it('toModule returns the module of defineModule unchanged', () => {
  const module = defineModule({
    ...good,
    summary: 's',
    schema: z.object({ a: z.int() }),
    params: { a: 1 },
    fields: z.object({ b: z.string() }),
    entries: { empty: null, nested: true },
    warmUp: { b: 'c' },
    initialize: ({ a }) => a + 1,
  });
  expect(toModule(module, '/x')).toBe(module);
});

it.each([undefined, null, 7, 'text'])('toModule refuses %j as a default export', (exported) => {
  expect(() => toModule(exported, '/x')).toThrow(
    '/x is not a service module: index.ts has no default export made by defineModule',
  );
});

it.each([
  [{ ...good, name: undefined }, 'name: Invalid input: expected string, received undefined'],
  [{ ...good, version: 1 }, 'version: Invalid input: expected string, received number'],
  [{ ...good, predict: undefined }, 'predict: expected a function'],
  [{ ...good, predict: 'yes' }, 'predict: expected a function'],
  [{ ...good, initialize: {} }, 'initialize: expected a function'],
  [{ ...good, schema: { a: 1 } }, 'schema: Invalid input'],
  [{ ...good, entries: { empty: [] } }, 'entries.nested: Invalid input'],
  [{ ...good, entries: { empty: [], nested: false, more: 1 } }, 'entries: Unrecognized key: "more"'],
  [{ ...good, params: [] }, 'params: Invalid input: expected record, received array'],
])('toModule refuses %o and names the wrong member', (exported, problem) => {
  expect(() => toModule(exported, '/x')).toThrow(`/x is not a service module: ${problem}`);
});
