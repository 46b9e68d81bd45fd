import { z } from 'zod';
import { OcrHubError } from './errors.js';

export { z };

/** What was checked: `flag --port`, `config.json`, `init_args of ocr_system`. It opens the error's message. */
export type Subject = string;

/**
 * Checks a value against a schema and answers the parsed, deeply frozen result.
 *
 * @throws OcrHubError `value_unknown` naming an unknown key and the allowed ones, `value_invalid` naming the key, the
 *   value and what is allowed.
 */
export function check<S extends z.ZodType>(schema: S, value: unknown, subject: Subject): z.output<S> {
  const parsed = schema.safeParse(value, { reportInput: true });
  if (parsed.success) return parsed.data;
  throw toError(parsed.error, schema, subject);
}

/** The keys of an object schema, in the order they are declared. */
export function keysOf(schema: z.ZodType): string[] {
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
}

function toError(error: z.ZodError, schema: z.ZodType, subject: Subject): OcrHubError {
  const issue = error.issues[0];
  if (issue?.code === 'unrecognized_keys') {
    return new OcrHubError('value_unknown', {
      subject: [subject, ...issue.path.map(String)].join('.'),
      key: issue.keys[0] ?? '',
      allowed: keysOf(schemaAt(schema, issue.path)),
    });
  }
  return new OcrHubError('value_invalid', {
    subject,
    key: issue?.path.map(String).join('.') ?? '',
    value: issue?.input,
    problem: issue?.message ?? error.message,
  });
}

function schemaAt(schema: z.ZodType, path: PropertyKey[]): z.ZodType {
  let here = schema;
  for (const step of path) {
    here = unwrap(here);
    if (here instanceof z.ZodRecord) here = here.valueType as z.ZodType;
    else if (here instanceof z.ZodObject) here = (here.shape as Record<string, z.ZodType>)[String(step)] ?? here;
    else return here;
  }
  return unwrap(here);
}

function unwrap(schema: z.ZodType): z.ZodType {
  return schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodNullable
    ? unwrap(schema.unwrap() as z.ZodType)
    : schema;
}
