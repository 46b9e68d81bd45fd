import { toProblem, z, type Problem } from './check.js';

/**
 * A JSON Schema of draft 2020-12, as in the registry and in /openapi.json. The schema of a parameter may have the keys
 * `unit`, `source` and `perRequest` too.
 */
export type JsonSchema = z.core.JSONSchema.BaseSchema;

/** The JSON Schema of an object with a fixed set of keys. */
export const objectSchema = z.object({
  type: z.literal('object'),
  properties: z.record(
    z.string(),
    z.custom<JsonSchema>((value) => typeof value === 'object' && value !== null),
  ),
  required: z.array(z.string()),
});

export type ObjectSchema = z.output<typeof objectSchema>;

/**
 * Checks a value against a JSON Schema. Returns undefined if the value is valid. The module's zod schema may still refuse
 * it, because JSON Schema has no refinements.
 */
export function findProblem(schema: JsonSchema, value: unknown): Problem | undefined {
  const converted = convert(schema);
  const parsed = converted.safeParse(value, { reportInput: true });
  if (parsed.success) return undefined;
  const problem = toProblem(parsed.error, converted);
  if (problem.kind === 'key') return problem;
  const ownMessage = schemaAt(schema, problem.path)?.['errorMessage'];
  const isTypeError = parsed.error.issues[0]?.code === 'invalid_type';
  return typeof ownMessage === 'string' && !isTypeError ? { ...problem, problem: ownMessage } : problem;
}

/**
 * Checks an object. An unknown key is reported first; then the first property, in the order of the schema, that has an
 * illegal value or is required and missing.
 */
export function findProblemInObject(
  { properties, required }: ObjectSchema,
  values: Readonly<Record<string, unknown>>,
): Problem | undefined {
  const unknown = Object.keys(values).find((key) => !Object.hasOwn(properties, key));
  if (unknown !== undefined) return { kind: 'key', path: [], key: unknown, allowed: Object.keys(properties) };
  for (const [name, schema] of Object.entries(properties)) {
    const isGiven = Object.hasOwn(values, name);
    if (!isGiven && !required.includes(name)) continue;
    const problem = findProblem(schema, values[name]);
    if (problem !== undefined) return { ...problem, path: [name, ...problem.path] };
  }
  return undefined;
}

/** A cache, because the fields of a served module are checked with each request. */
const zodSchemas = new WeakMap<JsonSchema, z.ZodType>();

function convert(schema: JsonSchema): z.ZodType {
  const cached = zodSchemas.get(schema);
  if (cached !== undefined) return cached;
  const zodSchema = fromJsonSchema(schema);
  zodSchemas.set(schema, zodSchema);
  return zodSchema;
}

/** The only caller of zod's `fromJSONSchema`, which is "semi-experimental" in zod 4.6. */
function fromJsonSchema(schema: JsonSchema): z.ZodType {
  // zod's own conversion of enums and nullable types has the message "Invalid input". These conversions say what is expected.
  if (schema.enum !== undefined && schema.enum.length > 0) return z.literal(schema.enum);
  const { anyOf, ...rest } = schema;
  const [first, second, ...more] = anyOf ?? [];
  if (first !== undefined && second?.type === 'null' && more.length === 0) {
    return fromJsonSchema({ ...rest, ...first }).nullable();
  }
  const [type, orNull, ...others] = [schema.type].flat();
  if (type !== undefined && orNull === 'null' && others.length === 0) {
    return fromJsonSchema({ ...schema, type }).nullable();
  }
  // The module checks the value if no message fits, or if zod cannot read a keyword.
  if (JSON.stringify(schema).includes('"errorMessage":null')) return z.unknown();
  try {
    return z.fromJSONSchema(withoutFormats(schema), { registry: z.registry() });
  } catch {
    return z.unknown();
  }
}

/** JSON Schema does not validate formats. zod would, by rules that differ from the `pattern` beside the format. */
function withoutFormats(schema: JsonSchema): JsonSchema {
  const isFormat = (key: string, value: unknown): boolean => key === 'format' && typeof value === 'string';
  return JSON.parse(
    JSON.stringify(schema, (key, value: unknown) => (isFormat(key, value) ? undefined : value)),
  ) as JsonSchema;
}

function schemaAt(schema: JsonSchema, path: readonly string[]): JsonSchema | undefined {
  let here: unknown = schema;
  for (const step of path) {
    if (!isSchema(here)) return undefined;
    const { properties = {}, prefixItems = [], items, additionalProperties } = here;
    here = properties[step] ?? prefixItems[Number(step)] ?? items ?? additionalProperties;
  }
  return isSchema(here) ? here : undefined;
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
