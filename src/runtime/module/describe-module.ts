import { check } from '../values/check.js';
import type { ObjectSchema } from '../values/json-schema.js';
import { toObjectSchema } from '../values/to-json-schema.js';
import type { Module } from './define.js';

/**
 * The JSON Schema of a module's parameters, with the values of its `params.ts` as defaults; null for a module without a
 * schema, which takes any parameter.
 *
 * @throws OcrHubError `key_unknown`, `value_invalid` if the module's own schema refuses a value of params.ts
 */
export function describeParameters(module: Module, folder: string): ObjectSchema | null {
  if (module.schema === undefined) return null;
  const values: Record<string, unknown> = check(module.schema.strict(), module.params ?? {}, `params.ts of ${folder}`);
  const { properties } = toObjectSchema(module.schema);
  // A parameter that is not given has its value from params.ts.
  return { type: 'object', properties: withDefaults(properties, values), required: [] };
}

/** The JSON Schema of the fields that a request may carry beside `images` and the parameters marked `perRequest`. */
export function describeFields({ fields }: Module): ObjectSchema {
  return fields === undefined ? { type: 'object', properties: {}, required: [] } : toObjectSchema(fields);
}

/** Properties with these values as their defaults. */
export function withDefaults(
  properties: ObjectSchema['properties'],
  values: Readonly<Record<string, unknown>>,
): ObjectSchema['properties'] {
  const entries = Object.entries(properties).map(([name, property]) => {
    const value = values[name];
    return [name, value === undefined ? property : { ...property, default: value }] as const;
  });
  return Object.fromEntries(entries);
}
