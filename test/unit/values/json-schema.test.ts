import { describe, expect, it } from 'vitest';
import { z } from '../../../src/runtime/values/check.js';
import { findProblem, findProblemInObject } from '../../../src/runtime/values/json-schema.js';
import { toObjectSchema } from '../../../src/runtime/values/to-json-schema.js';

/** The problem that zod finds, and the problem that the JSON Schema of the zod schema finds. */
function judge(field: z.ZodType, value: unknown): { byZod: string | undefined; byJsonSchema: string | undefined } {
  const parsed = field.safeParse(value);
  const { properties } = toObjectSchema(z.object({ field }));
  // The registry keeps schemas as JSON.
  const schema = JSON.parse(JSON.stringify(properties['field'])) as Record<string, unknown>;
  const problem = findProblem(schema, value);
  return {
    byZod: parsed.success ? undefined : parsed.error.issues[0]?.message,
    byJsonSchema: problem?.kind === 'value' ? problem.problem : problem?.kind,
  };
}

describe('the JSON Schema of a zod schema', () => {
  it.each([
    ['a number sent as text', z.number(), '0.5'],
    ['a fraction for an integer', z.int(), 1.5],
    ['a value that is not in an enum', z.enum(['fast', 'slow']), 'quick'],
    ['a value that is not in a list of numbers', z.literal([1, 2]), 3],
    ['a value that is not the only one', z.literal('DB'), 'EAST'],
    ['the wrong type for a value that may be null', z.number().nullable(), 'x'],
    [
      "a text that its pattern refuses, with the author's message",
      z.string().regex(/^[A-Z]{3}$/, 'three capitals'),
      'pounds',
    ],
    ["a literal with the author's message", z.literal('quad', 'must be "quad"'), 'poly'],
    ['a malformed email address', z.email(), 'nobody'],
    ["an element with the author's message", z.array(z.enum(['0', '180'], '0 or 180')), ['90']],
    ['a list that is too short', z.array(z.string()).min(2), ['a']],
  ])('refuses %s with the message of zod', (_, field, value) => {
    const { byZod, byJsonSchema } = judge(field, value);
    expect(byZod).toBeDefined();
    expect(byJsonSchema).toBe(byZod);
  });

  it.each([
    ['a date', z.coerce.date(), '2026-01-01'],
    ['a number that zod reads from text', z.coerce.number().min(1), '5'],
    ['a text that zod trims first', z.string().trim().max(3), '  abc  '],
    [
      'a text that zod converts to lower case first',
      z
        .string()
        .toLowerCase()
        .regex(/^[a-z]+$/),
      'ABC',
    ],
    ['a text by a pattern without regard to case', z.string().regex(/^[a-z]+$/i), 'ABC'],
    [
      'a number that zod clamps first',
      z
        .number()
        .overwrite((n) => Math.min(n, 1))
        .max(1)
        .positive(),
      5,
    ],
    ['a number that zod rounds first', z.number().overwrite(Math.round).int().multipleOf(2), 3.6],
    [
      'a list that zod shortens first',
      z
        .array(z.int())
        .overwrite((all) => all.slice(0, 2))
        .max(2),
      [1, 2, 3],
    ],
    [
      'a list that zod fills first',
      z
        .array(z.int())
        .overwrite((all) => [...all, 0])
        .min(2)
        .default([1, 2]),
      [1],
    ],
    ['a value that zod replaces', z.number().catch(1), 'x'],
    ['a value that zod prepares', z.preprocess(Number, z.number()), '5'],
    ['a local time', z.iso.datetime({ local: true }), '2026-01-01T10:00:00'],
    ['a value of a type that JSON Schema does not have', z.custom(() => true), 'x'],
    ['null where it is allowed', z.number().nullable(), null],
    ['a nested object', z.object({ a: z.object({ b: z.int().optional() }) }), { a: {} }],
    ['a list of lists', lists(), [[[]]]],
  ])('accepts %s as zod does', (_, field, value) => {
    expect(judge(field, value)).toEqual({ byZod: undefined, byJsonSchema: undefined });
  });

  it.each([
    ['a refinement', z.string().refine((text) => text !== 'no', 'not "no"'), 'no'],
    ['several messages of one field', z.string().min(2, 'too short').max(5, 'too long'), 'x'],
    ['a message that depends on the value', z.int().min(3, { error: (issue) => `${String(issue.input)} is small` }), 1],
  ])('leaves %s to the module', (_, field, value) => {
    const { byZod, byJsonSchema } = judge(field, value);
    expect(byZod).toBeDefined();
    expect(byJsonSchema).toBeUndefined();
  });

  it('names the whole range of a number', () => {
    expect(judge(z.int().min(32).max(4000), 5).byJsonSchema).toBe('expected an integer from 32 to 4000');
    expect(judge(z.number().positive(), 0).byJsonSchema).toBe('expected a number above 0');
  });
});

describe('the JSON Schema of an object', () => {
  const schema = toObjectSchema(z.object({ lang: z.enum(['de', 'en']), size: z.int().max(9).default(1) }));

  it('requires only its required keys', () => {
    expect(schema.required).toEqual(['lang']);
    expect(findProblemInObject(schema, { lang: 'de' })).toBeUndefined();
    expect(findProblemInObject(schema, {})).toMatchObject({ kind: 'value', path: ['lang'], value: undefined });
  });

  it('refuses unknown keys, including toString and __proto__', () => {
    for (const key of ['lnag', 'toString', '__proto__'])
      expect(findProblemInObject(schema, JSON.parse(`{"lang": "de", "${key}": 1}`) as Record<string, unknown>)).toEqual(
        {
          kind: 'key',
          path: [],
          key,
          allowed: ['lang', 'size'],
        },
      );
  });

  it('names the key and the value that are wrong', () => {
    expect(findProblemInObject(schema, { lang: 'de', size: 10 })).toEqual({
      kind: 'value',
      path: ['size'],
      value: 10,
      problem: 'expected an integer of at most 9',
    });
  });
});

/** A schema that refers to itself. */
function lists(): z.ZodType {
  const list: z.ZodType = z.lazy(() => z.array(list));
  return list;
}
