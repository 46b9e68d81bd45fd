import { z } from './check.js';
import type { JsonSchema, ObjectSchema } from './json-schema.js';

/**
 * Converts each field of a zod object to a JSON Schema. No property refers to another one, so each can be used alone. The
 * result accepts every value that zod accepts; zod may refuse more.
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

/** Removes keywords that would refuse values which zod changes before it checks them. */
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
 * Returns the author's message for the limits of a schema, or zod's message for a format such as an email address, whose
 * pattern does not help a reader. Returns null for several messages, because only zod can choose among them.
 */
function authorsMessage(schema: z.core.$ZodTypes): string | null | undefined {
  const { def } = schema._zod;
  const limits = (def.checks ?? []).map((check) => check._zod.def).filter(({ check }) => !inexpressible.has(check));
  const format = def.type === 'string' && 'format' in def && typeof def.format === 'string' ? def.format : undefined;
  const errors = limits.map(({ error }) => error);
  if (format !== undefined || def.type === 'literal' || def.type === 'enum') errors.unshift(def.error);
  else if (def.error !== undefined) return null;
  if (errors.every((error) => error === undefined)) return format === undefined ? undefined : formatMessage(format);
  const messages = new Set(errors.map(messageOf));
  const [only] = messages;
  return messages.size === 1 && only !== undefined ? only : null;
}

/** Kinds of checks that JSON Schema cannot express. */
const inexpressible = new Set(['custom', 'overwrite']);

/** Returns the message of an error if it does not depend on the value. */
function messageOf(error: z.core.$ZodErrorMap<never> | undefined): string | undefined {
  if (error?.length !== 0) return undefined;
  const message = (error as () => unknown)();
  return typeof message === 'string' ? message : undefined;
}

function formatMessage(format: string): string | undefined {
  const message = z.config().localeError?.({ code: 'invalid_format', format, origin: 'string', input: '' });
  return typeof message === 'string' ? message : message?.message;
}
