import type { ServiceRequest } from '../service/contract.js';
import { splitFields, textFieldNames, withWordBoxes, type SplitFields } from '../service/reading.js';
import { parseValue } from '../values/assignments.js';
import type { ObjectSchema } from '../values/json-schema.js';
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
  const typed = Object.entries(texts).map(([name, text]) => [name, isText(name, schema) ? text : parseValue(text)]);
  const all = { ...(Object.fromEntries(typed) as object), ...fields };
  const split = splitFields(all, Object.keys(properties), `Request to ${route}`);
  const output = previews ? ({ format: 'previews' } as const) : split.output;
  return { ...split, output, fields: withWordBoxes(split.fields, split.output?.format, schema) };
}

type ResolvedFields = Omit<SplitFields, 'output'> & Pick<ServiceRequest, 'output'>;

/** Whether a field takes text, so that `007` stays as it is. */
function isText(name: string, { properties }: ObjectSchema): boolean {
  const schema = Object.hasOwn(properties, name) ? properties[name] : undefined;
  return schema === undefined ? textFieldNames.includes(name) : schema.type === 'string';
}
