import { OcrHubError } from '../errors/error.js';
import type { ServiceRequest } from '../service/contract.js';
import { splitFields, textFieldNames, withWordBoxes, type SplitFields } from '../service/reading.js';
import { parseValue } from '../values/assignments.js';
import { isDeeperThan, maxDepth } from '../values/deeper-than.js';
import type { ObjectSchema } from '../values/json-schema.js';
import { countValues, maxValues } from './body/json-values.js';
import type { ParsedRequest } from './protocol.js';

/**
 * Parts the fields of a request into the module's own and those for documents. A format that shows the places of words turns
 * on `return_word_box` where the module has it and the request does not say.
 *
 * @throws OcrHubError `value_invalid`
 */
export function resolveFields(
  { fields, texts = {}, previews = false }: ParsedRequest,
  schema: ObjectSchema,
  route: string,
): ResolvedFields {
  const { properties } = schema;
  const subject = `Request to ${route}`;
  const all = { ...valuesOf(texts, schema, subject), ...fields };
  const split = splitFields(all, Object.keys(properties), subject);
  const output = previews ? ({ format: 'previews' } as const) : split.output;
  return { ...split, output, fields: withWordBoxes(split.fields, split.output?.format, schema) };
}

type ResolvedFields = Omit<SplitFields, 'output'> & Pick<ServiceRequest, 'output'>;

/** Texts of a form or a query are JSON where they can be. Their values are counted together, as those of a body of JSON. */
function valuesOf(
  texts: Readonly<Record<string, string>>,
  schema: ObjectSchema,
  subject: string,
): Readonly<Record<string, unknown>> {
  let room = maxValues;
  const values = Object.entries(texts).map(([key, text]): [string, unknown] => {
    if (isText(key, schema)) return [key, text];
    const refuse = (problem: string): OcrHubError =>
      new OcrHubError('value_invalid', { subject, key, value: text, problem });
    room -= countValues(Buffer.from(text), room);
    if (room < 0) throw refuse(`the fields hold more than ${maxValues} values`);
    const value = parseValue(text);
    if (isDeeperThan(maxDepth, value)) throw refuse(`it is nested more than ${maxDepth} deep`);
    return [key, value];
  });
  return Object.fromEntries(values);
}

/** Whether a field takes text, so that `007` stays as it is. */
function isText(name: string, { properties }: ObjectSchema): boolean {
  const schema = Object.hasOwn(properties, name) ? properties[name] : undefined;
  return schema === undefined ? textFieldNames.includes(name) : schema.type === 'string';
}
