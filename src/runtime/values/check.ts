import { z } from 'zod';
import { OcrHubError } from '../errors/error.js';

export { z };

// A schema checks a few values once; to compile it first, as zod does of itself, takes longer than that.
z.config({ jitless: true });

/** What was checked: `--mirror`, `config.json`, `init_args of ocr_system`. It opens the error's message. */
export type Subject = string;

/**
 * Checks a value against a schema and answers the parsed result.
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

/** The range of a number in words, such as `from 0 to 1`; empty where it has none. */
export function rangeOf(property: z.core.JSONSchema.BaseSchema): string {
  const { minimum, maximum, exclusiveMinimum: above, exclusiveMaximum: below } = property;
  const range: string[] = [];
  if (typeof above === 'number') range.push(`above ${above}`);
  // zod writes the largest safe integer where an integer has no bound of its own.
  else if (minimum !== undefined && minimum !== Number.MIN_SAFE_INTEGER) range.push(`from ${minimum}`);
  if (typeof below === 'number') range.push(`below ${below}`);
  else if (maximum !== undefined && maximum !== Number.MAX_SAFE_INTEGER) range.push(`to ${maximum}`);
  return range.join(' ');
}

function toError(error: z.ZodError, schema: z.ZodType, subject: Subject): OcrHubError {
  // A key that is missing is often there under a mistyped name, which helps more.
  const issue = error.issues.find(({ code }) => code === 'unrecognized_keys') ?? error.issues[0];
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
    problem: issue === undefined ? error.message : problemOf(issue, schema),
  });
}

/** zod's words; for a number out of range the whole range as well, where zod names the end that was passed. */
function problemOf(issue: z.core.$ZodIssue, schema: z.ZodType): string {
  if (issue.code !== 'too_big' && issue.code !== 'too_small') return issue.message;
  const range = rangeOf(z.toJSONSchema(schemaAt(schema, issue.path), { io: 'input', unrepresentable: 'any' }));
  return range === '' ? issue.message : `${issue.message}; allowed: ${range}`;
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
  return wrappers.some((wrapper) => schema instanceof wrapper)
    ? unwrap((schema as z.ZodOptional).unwrap() as z.ZodType)
    : schema;
}

const wrappers = [z.ZodOptional, z.ZodDefault, z.ZodPrefault, z.ZodNullable, z.ZodReadonly];
