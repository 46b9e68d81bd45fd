import type { JsonSchema, ObjectSchema } from './json-schema.js';

/**
 * The same schema without its regular expressions. An author's expression may take minutes for a short text, for example
 * `^(a+)+$`, so the HTTP process must not run one on a client's text.
 */
export function withoutRegexes(schema: ObjectSchema): ObjectSchema {
  const known = stripped.get(schema);
  if (known !== undefined) return known;
  const made: ObjectSchema = { ...schema, properties: mapValues(schema.properties, strip) };
  stripped.set(schema, made);
  return made;
}

/** Each schema is stripped once, although it is used with every request. */
const stripped = new WeakMap<ObjectSchema, ObjectSchema>();

function strip(schema: JsonSchema): JsonSchema {
  const dropped = ['pattern', 'patternProperties'];
  // Without patternProperties, the keys that they allow would count as additional ones.
  if (schema.patternProperties !== undefined) dropped.push('additionalProperties');
  const kept = Object.entries(schema).filter(([keyword]) => !dropped.includes(keyword));
  return Object.fromEntries(kept.map(([keyword, value]) => [keyword, stripWithin(keyword, value)]));
}

function stripWithin(keyword: string, value: unknown): unknown {
  if (valueKeywords.has(keyword) || !isObject(value)) return value;
  if (Array.isArray(value)) return value.map((each: unknown) => (isObject(each) ? strip(each) : each));
  // The keys of these are names, of which one may be "pattern".
  return mapKeywords.has(keyword) ? mapValues(value, (each) => (isObject(each) ? strip(each) : each)) : strip(value);
}

/** Keywords with values that a client may send. */
const valueKeywords = new Set(['default', 'enum', 'const', 'examples']);
const mapKeywords = new Set(['properties', '$defs', 'definitions', 'dependentSchemas']);

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function mapValues<V, W>(values: Readonly<Record<string, V>>, change: (value: V) => W): Record<string, W> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(value)]));
}
