import { OcrHubError } from '../errors/error.js';
import { fieldNaming } from '../module/parameter-naming.js';
import type { Assignment } from '../values/assignments.js';
import { toRefusal, type KeyNaming, type Subject } from '../values/check.js';
import type { ServedModule } from './serve-options.js';
import { findProblem, findProblemInObject, type ObjectSchema } from '../values/json-schema.js';
import { withoutRegexes } from '../values/without-regexes.js';

/*
 * Checks a user's values for a module before a process gets them. The error names the place where the user wrote them.
 * The module checks them again, because its zod schema may be stricter than the JSON Schema made from it.
 */

type Values = Readonly<Record<string, unknown>>;

/**
 * Checks the fields of one request against `ServedModule.fields`, except by regular expressions: the server calls this,
 * and one that is slow would stop all its requests.
 *
 * @throws OcrHubError `key_unknown`, `value_invalid`
 */
export function checkRequestFields(
  module: Pick<ServedModule, 'route' | 'fields' | 'predictArgs'>,
  given: Values,
): void {
  const { route, fields, predictArgs } = module;
  const problem = findProblemInObject(withoutRegexes(fields), { ...predictArgs, ...given });
  if (problem !== undefined) throw toRefusal(problem, `Request to ${route}`, { naming: fieldNaming });
}

/**
 * Checks some of an object's values; required keys may be missing.
 *
 * @param file the config file as the user named it
 * @param path the keys that lead to the object in that file
 * @throws OcrHubError `key_unknown`, `value_invalid`
 */
export function checkConfigValues(
  schema: ObjectSchema,
  values: Values,
  file: Subject,
  path: readonly string[],
  naming: KeyNaming = {},
): void {
  const problem = findProblemInObject({ ...schema, required: [] }, values);
  if (problem !== undefined) throw toRefusal(problem, file, { within: path, naming });
}

/**
 * Checks a value of `--set` or `--field` against the property that it sets.
 *
 * @throws OcrHubError `key_unknown`, `value_invalid`
 */
export function checkAssignment(
  { properties }: ObjectSchema,
  { typed, name, value }: Assignment,
  naming: KeyNaming = {},
): void {
  const schema = Object.hasOwn(properties, name) ? properties[name] : undefined;
  if (schema === undefined) {
    throw new OcrHubError('key_unknown', { subject: typed, key: name, allowed: Object.keys(properties), ...naming });
  }
  const problem = findProblem(schema, value);
  if (problem === undefined) return;
  if (problem.kind === 'key' || problem.path.length > 0) throw toRefusal(problem, typed);
  throw new OcrHubError('value_invalid', { subject: typed, key: undefined, value, problem: problem.problem });
}
