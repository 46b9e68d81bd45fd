import { describe, expect, it } from 'vitest';
import { check, keysOf, z } from '../../../src/runtime/values/check.js';
import { rangeOf } from '../../../src/runtime/values/range.js';

const schema = z.strictObject({
  port: z.int().min(1).max(65535).default(8866),
  timeout: z.number().positive().optional(),
  mode: z.enum(['fast', 'slow']).optional(),
  modules: z.record(z.string(), z.strictObject({ init_args: z.looseObject({}).default({}) })).optional(),
});

describe('check', () => {
  it('returns the parsed value with its defaults', () => {
    expect(check(schema, { timeout: 3 }, 'config.json')).toEqual({ port: 8866, timeout: 3 });
  });

  it('suggests the known key that is nearest to an unknown key', () => {
    expect(() => check(schema, { prot: 1 }, 'config.json')).toThrow(
      'config.json: unknown key "prot"; did you mean "port"?',
    );
  });

  it('names an unknown key of a nested object with its path', () => {
    expect(() => check(schema, { modules: { ocr_det: { initargs: {} } } }, 'config.json')).toThrow(
      'config.json: modules.ocr_det: unknown key "initargs"; did you mean "init_args"?',
    );
  });

  it.each([
    [{ port: 70000 }, 'config.json: port is 70000: expected an integer from 1 to 65535'],
    [{ port: 0 }, 'config.json: port is 0: expected an integer from 1 to 65535'],
    [{ timeout: 0 }, 'config.json: timeout is 0: expected a number above 0'],
    [{ port: 'abc' }, 'config.json: port is "abc": Invalid input: expected number, received string'],
    [{ mode: 'quick' }, 'config.json: mode is "quick": Invalid option: expected one of "fast"|"slow"'],
    [{ modules: { a: [] } }, 'config.json: modules.a is []: Invalid input: expected object, received array'],
    [[], 'config.json is []: Invalid input: expected object, received array'],
    [undefined, 'config.json is nothing: Invalid input: expected object, received undefined'],
  ])('names key, value and the allowed values if the value is %j', (value, message) => {
    expect(() => check(schema, value, 'config.json')).toThrow(message);
  });

  it('throws an error with exit code 2 and HTTP status 400', () => {
    expect(() => check(schema, { port: 0 }, 'x')).toThrow(
      expect.objectContaining({ code: 'value_invalid', exitCode: 2, httpStatus: 400 }),
    );
  });

  it('shortens a long value in its message', () => {
    expect(() => check(z.int(), 'x'.repeat(1000), 'field')).toThrow(/^field is "x{76}\.\.\.: /);
  });
});

it('keysOf returns the keys of an object schema in their order, and none for other schemas', () => {
  expect(keysOf(schema)).toEqual(['port', 'timeout', 'mode', 'modules']);
  expect(keysOf(z.string())).toEqual([]);
});

it.each([
  [{ minimum: 0, maximum: 1 }, 'from 0 to 1'],
  [{ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }, 'from 1'],
  [{ minimum: Number.MIN_SAFE_INTEGER, maximum: 5 }, 'at most 5'],
  [{ exclusiveMinimum: 0, maximum: 10 }, 'above 0, at most 10'],
  [{ minimum: 0, exclusiveMaximum: 1 }, 'from 0, below 1'],
  [{}, ''],
])('the range of %j is written as %j', (property, range) => {
  expect(rangeOf(property)).toBe(range);
});

it.each([
  '{"modules": {"__proto__": {"a": 1}}}',
  '{"modules": {"__proto__": 1, "b": 2}, "other": 1}',
  '{"__proto__": {}}',
])('names the key __proto__ before anything else that is wrong: %s', (json) => {
  const modules = z.record(z.string(), z.object({})).refine((given) => Object.keys(given).length > 0, 'expected one');
  expect(() => check(z.strictObject({ modules }), JSON.parse(json), 'a.json')).toThrow('no key may have this name');
});
