import { check } from '../values/check.js';
import type { ObjectSchema } from '../values/json-schema.js';
import { toObjectSchema } from '../values/to-json-schema.js';
import type { Module } from './define.js';

/**
 * Returns the JSON Schema of a module's parameters, with the values of its `params.ts` as defaults. Returns null for a
 * module without a schema, which accepts any parameter.
 *
 * @throws OcrHubError `key_unknown`, `value_invalid` if the module's own schema refuses a value of params.ts
 */
export function describeParameters(module: Module, folder: string): ObjectSchema | null {
  if (module.schema === undefined) return null;
  const values: Record<string, unknown> = check(module.schema.strict(), module.params ?? {}, `params.ts of ${folder}`);
  const { properties } = toObjectSchema(module.schema);
  // Nothing is required, because params.ts has a value for each parameter.
  return { type: 'object', properties: withDefaults(properties, values), required: [] };
}

/** Returns the JSON Schema of the module's own request fields, without the parameters marked `perRequest`. */
export function describeFields({ fields }: Module): ObjectSchema {
  return fields === undefined ? { type: 'object', properties: {}, required: [] } : toObjectSchema(fields);
}

/** Returns the properties with these values as their defaults. */
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
