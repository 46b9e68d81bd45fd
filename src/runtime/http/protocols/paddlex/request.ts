import { OcrHubError } from '../../../errors/error.js';
import { check } from '../../../values/check.js';
import { findProblem, type ObjectSchema } from '../../../values/json-schema.js';
import { decodeBase64 } from '../../body/base64.js';
import { parseJsonObject, refuseDeep } from '../../body/json-object.js';
import type { ParsedRequest } from '../../protocol.js';
import { moduleNames, ocrFields, type OcrFields } from './fields.js';

/** A request in one line. */
export const requestForm = '{"file": base64 or address, "fileType": 0 or 1, ...}';

/** What a request asks for, beside the values for the module. */
export interface OcrRequest extends ParsedRequest {
  readonly logId: string | undefined;
}

/**
 * Reads a request. Keys that PaddleX does not have are passed on as fields of the module or of documents, so that unknown ones
 * are refused by their name.
 *
 * @throws OcrHubError `request_malformed`, `request_not_object`, `value_invalid`, `image_not_base64`
 */
export function parseOcrRequest(body: Uint8Array, own: ObjectSchema): OcrRequest {
  const given = check(ocrFields, parseJsonObject(body, requestForm), subject);
  const { file, logId, visualize } = given;
  const isAddress = /^https?:\/\//i.test(file);
  const fields = { ...furtherFields(given), ...moduleFields(given, own) };
  refuseDeep(fields, requestForm);
  return {
    files: isAddress ? [] : [{ name: '', bytes: decodeBase64(file, 'file') }],
    urls: isAddress ? [file] : [],
    fields,
    previews: visualize !== false,
    logId: logId ?? undefined,
  };
}

const subject = 'Request to /ocr';

/** Fields that change the form of an answer. */
const predictOnly = ['format', 'paragraphs', 'page_pictures'];

/** Null means the same as no value. */
function furtherFields(given: OcrFields): Record<string, unknown> {
  const further = Object.entries(given).filter(
    ([name, value]) => !Object.hasOwn(ocrFields.shape, name) && value !== null,
  );
  const refused = further.find(([name]) => predictOnly.includes(name));
  if (refused !== undefined) {
    const [key, value] = refused;
    throw new OcrHubError('value_invalid', { subject, key, value, problem: 'only /predict/<module> has this field' });
  }
  return Object.fromEntries(further);
}

/** The values for the module, by its own names. They are checked here, so that an error has the name that the client sent. */
function moduleFields(given: OcrFields, { properties }: ObjectSchema): Record<string, unknown> {
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
