import { z } from './check.js';
import type { JsonSchema, ObjectSchema } from './json-schema.js';

/**
 * The JSON Schema of each field of a zod object. Each property stands alone, so that it can be kept and passed on without
 * the others. A schema never refuses a value that zod accepts; zod may refuse more.
 */
export function toObjectSchema(schema: z.ZodObject): ObjectSchema {
  const shape = schema.shape as Readonly<Record<string, z.ZodType>>;
  const fields = Object.entries(shape);
  return {
    type: 'object',
    properties: Object.fromEntries(fields.map(([name, field]) => [name, toJsonSchema(field)])),
    required: fields.filter(([, field]) => field._zod.optin === undefined).map(([name]) => name),
  };
}

function toJsonSchema(field: z.ZodType): JsonSchema {
  const schema: JsonSchema = z.toJSONSchema(field, {
    io: 'input',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      widen(zodSchema, jsonSchema);
      const message = authorsMessage(zodSchema);
      if (message !== undefined) jsonSchema['errorMessage'] = message;
    },
  });
  remove(schema, ['$schema']);
  return schema;
}

/** Takes out what would refuse values that zod changes before it checks them. */
function widen(schema: z.core.$ZodTypes, json: JsonSchema): void {
  const { def } = schema._zod;
  const checks = [def, ...(def.checks ?? []).map((check) => check._zod.def)];
  const isChangedFirst = checks.some((check) => 'check' in check && check.check === 'overwrite');
  const hasFlags = checks.some(
    (check) => 'pattern' in check && check.pattern instanceof RegExp && check.pattern.flags !== '',
  );
  if (isChangedFirst || hasFlags) remove(json, limits);
  if (isChangedFirst && json.type === 'integer') json.type = 'number';
  // z.coerce takes values of any type; .catch() and z.preprocess() take any value.
  if ('coerce' in def && def.coerce) remove(json, ['type']);
  const isPrepared = def.type === 'pipe' && def.in._zod.def.type === 'transform';
  if (def.type === 'catch' || isPrepared)
    remove(
      json,
      Object.keys(json).filter((key) => !annotations.has(key)),
    );
}

/** Keywords that a changed value may satisfy where the given value does not. The type is checked before the change. */
const limits = [
  'minLength',
  'maxLength',
  'pattern',
  'allOf',
  'format',
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'minItems',
  'maxItems',
] as const;

const annotations = new Set(['default', 'description', 'unit', 'source', 'perRequest']);

function remove(json: JsonSchema, keys: readonly string[]): void {
  for (const key of keys) Reflect.deleteProperty(json, key);
}

/**
 * The message that the author of a schema gave for its limits, or zod's own for a format such as an email address, whose
 * pattern would tell nobody anything. null if there are several: then only zod knows which one is meant.
 */
function authorsMessage(schema: z.core.$ZodTypes): string | null | undefined {
  const { def } = schema._zod;
  const limits = (def.checks ?? []).map((check) => check._zod.def).filter(({ check }) => !unwritten.has(check));
  const format = def.type === 'string' && 'format' in def && typeof def.format === 'string' ? def.format : undefined;
  const errors = limits.map(({ error }) => error);
  if (format !== undefined || def.type === 'literal' || def.type === 'enum') errors.unshift(def.error);
  else if (def.error !== undefined) return null;
  if (errors.every((error) => error === undefined)) return format === undefined ? undefined : formatMessage(format);
  const messages = new Set(errors.map(messageOf));
  const [only] = messages;
  return messages.size === 1 && only !== undefined ? only : null;
}

/** Kinds of checks that JSON Schema has no word for. */
const unwritten = new Set(['custom', 'overwrite']);

/** The text of an error that does not depend on the value. */
function messageOf(error: z.core.$ZodErrorMap<never> | undefined): string | undefined {
  if (error?.length !== 0) return undefined;
  const message = (error as () => unknown)();
  return typeof message === 'string' ? message : undefined;
}

function formatMessage(format: string): string | undefined {
  const message = z.config().localeError?.({ code: 'invalid_format', format, origin: 'string', input: '' });
  return typeof message === 'string' ? message : message?.message;
}
