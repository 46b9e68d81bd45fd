import { toProblem, z, type Problem } from './check.js';

/**
 * A JSON Schema of draft 2020-12, as the registry keeps it and /openapi.json passes it on. A parameter's schema may hold
 * `unit`, `source` and `perRequest` too.
 */
export type JsonSchema = z.core.JSONSchema.BaseSchema;

/** The JSON Schema of an object whose keys are known. */
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
 * Checks a value against a JSON Schema; undefined if nothing is wrong. A value that passes may still be refused by the
 * module's own zod schema: JSON Schema knows no refinements.
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
 * The same for an object: names the first key that the schema does not have, then the first value that its property
 * refuses, then the first required key that is missing.
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

/**
 * zod schemas by the JSON Schema that they were made from: the fields of a served module are checked with each request.
 */
const converted = new WeakMap<JsonSchema, z.ZodType>();

function convert(schema: JsonSchema): z.ZodType {
  const known = converted.get(schema);
  if (known !== undefined) return known;
  const made = fromJsonSchema(schema);
  converted.set(schema, made);
  return made;
}

/** zod's reader of JSON Schema is "semi-experimental" (zod 4.6): nothing else in ocrhub calls it. */
function fromJsonSchema(schema: JsonSchema): z.ZodType {
  // zod would answer "Invalid input" for these, and names what is expected if they are written so.
  if (schema.enum !== undefined && schema.enum.length > 0) return z.literal(schema.enum);
  const { anyOf, ...rest } = schema;
  const [some, none, ...more] = anyOf ?? [];
  if (some !== undefined && none?.type === 'null' && more.length === 0) {
    return fromJsonSchema({ ...rest, ...some }).nullable();
  }
  const [type, orNull, ...others] = [schema.type].flat();
  if (type !== undefined && orNull === 'null' && others.length === 0) {
    return fromJsonSchema({ ...schema, type }).nullable();
  }
  // Without a message that fits, and with a keyword that zod cannot read, the module itself checks the value.
  if (JSON.stringify(schema).includes('"errorMessage":null')) return z.unknown();
  try {
    return z.fromJSONSchema(withoutFormats(schema), { registry: z.registry() });
  } catch {
    return z.unknown();
  }
}

/** In JSON Schema a format is a remark. zod would check it, and by other rules than those of the `pattern` beside it. */
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
