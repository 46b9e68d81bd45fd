import type { Request } from 'express';
import { OcrHubError } from '../../../errors/error.js';
import { check, z } from '../../../values/check.js';
import type { ObjectSchema } from '../../../values/json-schema.js';
import { decodeBase64 } from '../../body/base64.js';
import { parseJsonObject } from '../../body/json-object.js';
import { jsonBody } from '../../body/read-body.js';
import type { ParsedRequest } from '../../protocol.js';
import { readQuery } from './query.js';

/** A request in one line. */
export const requestForm = '{"base64Source": "..."}, {"urlSource": "..."}, or the file itself';

/** The two names that the service had; the newer one also has output=pdf and outputContentFormat. */
export const families = ['documentintelligence', 'formrecognizer'] as const;

export const models = ['prebuilt-read', 'prebuilt-layout'] as const;

export const bodySchema = z.strictObject({
  base64Source: z.string('expected a file in base64').optional(),
  urlSource: z.string('expected the address of a file').optional(),
});

/** What a job remembers of its request. */
export interface AnalyzeData {
  readonly family: (typeof families)[number];
  readonly model: string;
  readonly apiVersion: string;
  readonly stringIndexType: 'textElements' | 'unicodeCodePoint' | 'utf16CodeUnit';
  readonly contentFormat: 'text' | 'markdown';
}

export interface AnalyzeRequest extends ParsedRequest {
  readonly data: AnalyzeData;
}

/**
 * @throws OcrHubError `module_not_served` (the model), `key_unknown`, `value_invalid`, `image_not_base64`, `request_malformed`,
 *   `request_not_object`
 */
export function parseAnalyze(body: Uint8Array, request: Request, { properties }: ObjectSchema): AnalyzeRequest {
  const model = modelOf(request);
  const query = readQuery(request.query);
  const source = sourceOf(body, request.get('content-type') ?? '');
  const fields = {
    ...(Object.hasOwn(properties, 'return_word_box') ? { return_word_box: true } : {}),
    ...(query.pages === undefined ? {} : { pages: query.pages }),
    ...(query.output.includes('pdf') ? { format: 'pdf' } : {}),
  };
  const data: AnalyzeData = {
    family: families.find((family) => request.path.startsWith(`/${family}/`)) ?? families[0],
    model,
    apiVersion: query['api-version'],
    stringIndexType: query.stringIndexType,
    contentFormat: query.outputContentFormat,
  };
  return { ...source, fields, data };
}

function modelOf({ params }: Request): string {
  const model = String(params['model']);
  if (!models.some((known) => known === model)) throw new OcrHubError('module_not_served', { name: model });
  return model;
}

function sourceOf(body: Uint8Array, type: string): Pick<ParsedRequest, 'files' | 'urls'> {
  if (!jsonBody.pattern.test(type)) {
    if (body.length === 0) throw malformed('the body is empty');
    return { files: [{ name: '', bytes: body }] };
  }
  const { base64Source, urlSource } = check(bodySchema, parseJsonObject(body, requestForm), 'The body', {
    noun: 'field',
  });
  if ((base64Source === undefined) === (urlSource === undefined)) throw malformed('it needs one source');
  if (urlSource !== undefined) return { files: [], urls: [urlSource] };
  return { files: [{ name: '', bytes: decodeBase64(base64Source ?? '', 'base64Source') }] };
}

function malformed(problem: string): OcrHubError {
  return new OcrHubError('request_malformed', { problem, expected: requestForm });
}
