import { z } from 'zod';
import { OcrHubError } from '../errors/error.js';
import { prototypeKey } from './prototype-key.js';
import { rangeOf } from './range.js';

export { z };

// Each schema checks a few values once. Compiling it first, which zod does by default, takes longer than the check.
z.config({ jitless: true });

/** The source of a value: `--mirror`, `config.json`, `Request to ocr_system`. The error message begins with it. */
export type Subject = string;

/** The words of the error for an unknown key. */
export interface KeyNaming {
  /** Default: `key`. */
  readonly noun?: string;
  /** Where all keys are listed: a command or an address. */
  readonly see?: string;
}

/** The first thing that is wrong with a value. */
export type Problem =
  | {
      readonly kind: 'key';
      readonly path: readonly string[];
      readonly key: string;
      readonly allowed: readonly string[];
    }
  | { readonly kind: 'value'; readonly path: readonly string[]; readonly value: unknown; readonly problem: string };

/**
 * Checks a value against a schema and returns the parsed result.
 *
 * @throws OcrHubError `key_unknown` naming an unknown key and the nearest known one, `value_invalid` naming the key, the
 *   value and what is allowed, also for a key `__proto__` at any depth, which a schema would drop without a word
 */
export function check<S extends z.ZodType>(
  schema: S,
  value: unknown,
  subject: Subject,
  naming?: KeyNaming,
): z.output<S> {
  const parsed = schema.safeParse(value, { reportInput: true });
  // Also if something is wrong: the schema has not seen the key, and would say of an object with nothing else that it is empty.
  const path = prototypeKey(value);
  if (path !== undefined) {
    const problem = 'no key may have this name';
    throw new OcrHubError('value_invalid', { subject, key: path.join('.'), value: undefined, problem });
  }
  if (parsed.success) return parsed.data;
  throw toRefusal(toProblem(parsed.error, schema), subject, { naming });
}

export interface RefusalOptions {
  /** The path of the checked value inside the subject. */
  readonly within?: readonly string[];
  readonly naming?: KeyNaming | undefined;
}

/** The error for a problem. */
export function toRefusal(
  problem: Problem,
  subject: Subject,
  { within = [], naming }: RefusalOptions = {},
): OcrHubError {
  const path = [...within, ...problem.path].join('.');
  if (problem.kind === 'value') {
    return new OcrHubError('value_invalid', { subject, key: path, value: problem.value, problem: problem.problem });
  }
  const { key, allowed } = problem;
  const place = path === '' ? subject : `${subject}: ${path}`;
  return new OcrHubError('key_unknown', { subject: place, key, allowed, ...naming });
}

/** The keys of an object schema, in the order they are declared. */
export function keysOf(schema: z.ZodType): string[] {
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
}

export function toProblem(error: z.ZodError, schema: z.ZodType): Problem {
  // A missing key is often present under a mistyped name, and naming that helps more.
  const issue = error.issues.find(({ code }) => code === 'unrecognized_keys') ?? error.issues[0];
  const path = issue?.path.map(String) ?? [];
  if (issue?.code === 'unrecognized_keys') {
    return { kind: 'key', path, key: issue.keys[0] ?? '', allowed: keysOf(schemaAt(schema, issue.path)) };
  }
  const problem = issue === undefined ? error.message : wordsOf(issue, schema);
  return { kind: 'value', path, value: issue?.input, problem };
}

/** Returns zod's message, or for a number out of range the range: zod's message names only one limit. */
function wordsOf(issue: z.core.$ZodIssue, schema: z.ZodType): string {
  if (issue.code !== 'too_big' && issue.code !== 'too_small') return issue.message;
  const property = z.toJSONSchema(schemaAt(schema, issue.path), { io: 'input', unrepresentable: 'any' });
  const range = rangeOf(property);
  const isDefaultText = /^Too (big|small): /.test(issue.message);
  if (range === '' || !isDefaultText) return issue.message;
  const words = range.startsWith('at ') ? `of ${range}` : range;
  return `expected ${[property.type].flat().includes('integer') ? 'an integer' : 'a number'} ${words}`;
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
