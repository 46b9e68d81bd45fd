import { OcrHubError } from '../../../errors/error.js';
import type { z } from '../../../values/check.js';
import { findProblem, type ObjectSchema } from '../../../values/json-schema.js';
import { predictOnlyFields, predictOnlyProblem } from '../lines/predict-only.js';
import { moduleNames } from './fields.js';

type Given = Readonly<Record<string, unknown>>;

/**
 * The fields of the module and of documents in a request to a pipeline. Keys that PaddleX does not have are passed on, so that
 * unknown ones are refused by their name.
 *
 * @param schema of the request
 * @param own the fields of the module
 * @param subject the source of the values, for the message
 * @throws OcrHubError `value_invalid`
 */
export function toModuleFields(
  given: Given,
  schema: z.ZodObject,
  own: ObjectSchema,
  subject: string,
): Record<string, unknown> {
  return { ...furtherFields(given, schema, subject), ...namedFields(given, own, subject) };
}

/** Null means the same as no value. */
function furtherFields(given: Given, { shape }: z.ZodObject, subject: string): Given {
  const further = Object.entries(given).filter(([name, value]) => !Object.hasOwn(shape, name) && value !== null);
  const refused = further.find(([name]) => predictOnlyFields.includes(name));
  if (refused !== undefined) {
    const [key, value] = refused;
    throw new OcrHubError('value_invalid', { subject, key, value, problem: predictOnlyProblem });
  }
  return Object.fromEntries(further);
}

/** The values for the module, by its own names. They are checked here, so that an error has the name that the client sent. */
function namedFields(given: Given, { properties }: ObjectSchema, subject: string): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  for (const [name, ownName] of Object.entries(moduleNames)) {
    const value = given[name];
    if (value === undefined || value === null) continue;
    const ownValue = name === 'useDocOrientationClassify' ? (value === true ? 'auto' : 0) : value;
    const schema = Object.hasOwn(properties, ownName) ? properties[ownName] : undefined;
    // A module without the step cannot be told to leave it out.
    if (schema === undefined && value === false) continue;
    const problem = schema === undefined ? `the module has no field ${ownName}` : problemOf(schema, ownValue);
    if (problem !== undefined) throw new OcrHubError('value_invalid', { subject, key: name, value, problem });
    fields[ownName] = ownValue;
  }
  return fields;
}

function problemOf(schema: Parameters<typeof findProblem>[0], value: unknown): string | undefined {
  const problem = findProblem(schema, value);
  return problem?.kind === 'key' ? `unknown key ${problem.key}` : problem?.problem;
}
