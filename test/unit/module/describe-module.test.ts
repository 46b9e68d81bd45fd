import { describe, expect, it } from 'vitest';
import { describeFields, describeParameters } from '../../../src/runtime/module/describe-module.js';
import { describeParameter } from '../../../src/runtime/module/describe-parameter.js';
import { requestFields } from '../../../src/runtime/module/request-fields.js';
import { z } from '../../../src/runtime/values/check.js';

const schema = z.object({
  share: z.number().min(0).max(1).default(0.5).meta({ description: 'A share.', unit: 'ratio', perRequest: true }),
  above: z.number().positive().default(1),
  count: z.int().min(1).default(2),
  any: z.int().default(3),
  mode: z.enum(['fast', 'slow']).default('fast'),
  kind: z.literal('DB').default('DB'),
  file: z.string().default(''),
  limit: z.number().nullable().default(null),
});
const predict = (): unknown[] => [];
const module = { name: 'a', version: '1.0.0', schema, predict };

describe('the JSON Schema of parameters', () => {
  it('has the limits, description and unit of the zod schema, and the value of params.ts as default', () => {
    const described = describeParameters({ ...module, params: { share: 0.7 } }, '/a');
    expect(described?.properties['share']).toEqual({
      type: 'number',
      minimum: 0,
      maximum: 1,
      default: 0.7,
      description: 'A share.',
      unit: 'ratio',
      perRequest: true,
    });
  });

  it('is refused if params.ts has an illegal value or an unknown key', () => {
    expect(() => describeParameters({ ...module, params: { share: 2 } }, '/a')).toThrow(
      'params.ts of /a: share is 2: expected a number from 0 to 1',
    );
    expect(() => describeParameters({ ...module, params: { shar: 1 } }, '/a')).toThrow(
      'params.ts of /a: unknown key "shar"',
    );
  });

  it('is null for a module without a schema', () => {
    expect(describeParameters({ name: 'a', version: '1.0.0', predict }, '/a')).toBeNull();
  });
});

it('describeParameter returns the type and range of each parameter in words', () => {
  const described = describeParameters(module, '/a')?.properties ?? {};
  const words = Object.entries(described).map(([name, property]) => {
    const { type, range } = describeParameter(property);
    return [name, type, range];
  });
  expect(words).toEqual([
    ['share', 'number', 'from 0 to 1'],
    ['above', 'number', 'above 0'],
    ['count', 'integer', 'from 1'],
    ['any', 'integer', ''],
    ['mode', 'choice', 'fast, slow'],
    ['kind', 'choice', 'DB'],
    ['file', 'string', ''],
    ['limit', 'number or null', ''],
  ]);
});

describe('the fields of a request', () => {
  const described = {
    parameters: describeParameters({ ...module, params: { share: 0.7 } }, '/a'),
    fields: describeFields({ ...module, fields: z.object({ lang: z.enum(['de', 'en']) }) }),
  };

  it("are the parameters marked perRequest and the module's own fields", () => {
    const { properties, required } = requestFields(described, { initArgs: {}, predictArgs: {} });
    expect(Object.keys(properties)).toEqual(['share', 'lang']);
    expect(required).toEqual(['lang']);
  });

  it('have the values of init_args and predict_args as defaults, and are optional if predict_args has them', () => {
    const start = { initArgs: { share: 0.9 }, predictArgs: { lang: 'de' } };
    const { properties, required } = requestFields(described, start);
    expect([properties['share']?.default, properties['lang']?.default]).toEqual([0.9, 'de']);
    expect(required).toEqual([]);
  });

  it('have the values of the preset as defaults', () => {
    const limit = z.int().default(960).meta({ perRequest: true });
    const withSetting = {
      ...module,
      schema: z.object({ setting: z.string().default('default'), det_limit_side_len: limit }),
    };
    const { properties } = requestFields(
      { parameters: describeParameters(withSetting, '/a'), fields: described.fields },
      { initArgs: { setting: 'fast' }, predictArgs: {} },
    );
    expect(properties['det_limit_side_len']?.default).toBe(736);
  });
});
