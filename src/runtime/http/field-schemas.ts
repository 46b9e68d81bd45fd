import type { JsonSchema, ObjectSchema } from '../values/json-schema.js';

/** The fields of a request as /openapi.json shows them: JSON Schema without the keys that only ocrhub reads. */
export function toFieldSchemas({ properties }: ObjectSchema): Record<string, object> {
  return Object.fromEntries(Object.entries(properties).map(([name, property]) => [name, toFieldSchema(property)]));
}

function toFieldSchema(property: JsonSchema): object {
  const schema: JsonSchema = Object.fromEntries(Object.entries(property).filter(([key]) => !ownKeys.has(key)));
  const { unit } = property;
  const unitText = typeof unit === 'string' && unit !== '' ? `(${unit})` : '';
  const description = [schema.description ?? '', unitText].filter((text) => text !== '').join(' ');
  const described = description === '' ? schema : { ...schema, description };
  if (!JSON.stringify(schema).includes('"$ref"')) return described;
  // A reference has another meaning inside this document.
  return description === '' ? {} : { description };
}

const ownKeys = new Set(['unit', 'source', 'perRequest', 'errorMessage']);
