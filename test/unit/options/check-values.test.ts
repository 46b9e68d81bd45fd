import { describe, expect, it } from 'vitest';
import { checkAssignment, checkRequestFields } from '../../../src/runtime/options/check-values.js';
import { z } from '../../../src/runtime/values/check.js';
import { toObjectSchema } from '../../../src/runtime/values/to-json-schema.js';

const slow = z.string().regex(/^(a+)+$/);

/** Checks the fields of a request to a module that declares these. */
function checkFields(shape: z.core.$ZodLooseShape, given: Record<string, unknown>): void {
  checkRequestFields({ route: 'm', fields: toObjectSchema(z.object(shape)), predictArgs: {} }, given);
}

describe('the fields of a request', () => {
  it.each([
    ['of the field', slow, 'b'],
    ['of a default', slow.default('a'), 'b'],
    ['of each element', z.array(slow), ['b']],
    ['inside an object', z.object({ pattern: slow }), { pattern: 'b' }],
    ['of a choice', z.union([slow, z.number()]), 'b'],
    ['of each key', z.record(slow, z.number()), { b: 1 }],
    ['of some keys', z.looseRecord(slow, z.number()), { b: 'x' }],
    ['of two that must both match', z.string().regex(/^a/).regex(/b$/), 'c'],
    ['of a text with fixed parts', z.templateLiteral(['v', z.number()]), 'x'],
  ])('are not checked by the regular expression %s: that is left to the process of the module', (_, field, value) => {
    expect(field.safeParse(value).success || field instanceof z.ZodRecord).toBe(field instanceof z.ZodRecord);
    expect(() => checkFields({ field }, { field: value })).not.toThrow();
  });

  it('are checked in no time, however slow the regular expression of a module is', () => {
    const start = performance.now();
    checkFields({ field: slow }, { field: `${'a'.repeat(26)}b` });
    expect(performance.now() - start).toBeLessThan(1000);
  });

  it('are checked by everything else, also a field named "pattern"', () => {
    const shape = { pattern: z.string().max(3).regex(/^a/), size: z.object({ pattern: z.int() }) };
    const size = { pattern: 1 };
    expect(() => checkFields(shape, { size, pattern: 'abcd' })).toThrow('Request to m: pattern is "abcd": ');
    expect(() => checkFields(shape, { pattern: 'a', size: { pattern: 'x' } })).toThrow('size.pattern is "x": ');
    expect(() => checkFields(shape, { pattern: 'a', size, other: 1 })).toThrow(
      'Request to m: unknown field "other"; allowed: pattern, size',
    );
  });
});

it('a value of --set or --field is checked by the regular expression too', () => {
  const assignment = { typed: '--set code=b', route: undefined, name: 'code', value: 'b' };
  const schema = toObjectSchema(z.object({ code: z.string().regex(/^a/, 'must begin with a') }));
  expect(() => {
    checkAssignment(schema, assignment);
  }).toThrow('--set code=b: must begin with a');
});
