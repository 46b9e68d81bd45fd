import type { Request } from 'express';
import { OcrHubError } from '../../../errors/error.js';
import { check, z } from '../../../values/check.js';
import type { ObjectSchema } from '../../../values/json-schema.js';
import { parseJsonObject } from '../../body/json-object.js';
import { jsonBody } from '../../body/read-body.js';
import type { ParsedRequest } from '../../protocol.js';
import { readFormRequest } from '../lines/form-request.js';
import { jobOptions } from '../pipelines/fields.js';
import { toModuleFields } from '../pipelines/module-fields.js';

/** A request in one line. */
export const requestForm = 'a form with "model" and the file "file", or {"model": "PP-OCRv6", "fileUrl": "..."}';

/** Each is answered by the served module; the name decides the form of the result. */
const ocrModels = ['PP-OCRv5', 'PP-OCRv5-latin', 'PP-OCRv6'] as const;
const layoutModels = ['PP-StructureV3', 'PaddleOCR-VL', 'PaddleOCR-VL-1.5', 'PaddleOCR-VL-1.6'] as const;
const models = [...ocrModels, ...layoutModels] as const;

const text = z.string('expected a text');

export const jobFields = z.strictObject({
  model: z.enum(models, `expected one of ${models.join(', ')}`),
  optionalPayload: z.record(z.string(), z.unknown(), 'expected an object').nullish(),
  pageRanges: text.nullish().describe('Pages to read, such as 1-3,7.'),
  batchId: text.max(256, 'expected at most 256 characters').nullish(),
  fileUrl: text.optional(),
});

/** What a job remembers of its request. */
export interface JobData {
  readonly form: 'ocr' | 'layout';
  readonly batchId: string | undefined;
}

export interface JobRequest extends ParsedRequest {
  readonly data: JobData;
}

/** @throws OcrHubError `request_malformed`, `request_not_object`, `key_unknown`, `value_invalid`, `images_too_many` */
export async function parseJob(body: Uint8Array, request: Request, own: ObjectSchema): Promise<JobRequest> {
  const isJson = jsonBody.pattern.test(request.get('content-type') ?? '');
  const { files, given } = isJson
    ? { files: [], given: parseJsonObject(body, requestForm) }
    : await readParts(body, request);
  const { model, optionalPayload, pageRanges, batchId, fileUrl } = check(jobFields, given, 'The job', {
    noun: 'field',
  });
  if (files.length + (fileUrl === undefined ? 0 : 1) !== 1) {
    const problem = files.length === 0 ? 'it has no file' : 'it has a file and the address of one';
    throw new OcrHubError('request_malformed', { problem, expected: requestForm });
  }
  const subject = 'optionalPayload';
  const options = check(jobOptions, optionalPayload ?? {}, subject);
  const fields = toModuleFields(options, jobOptions, own, subject);
  const isLayout = layoutModels.some((name) => name === model);
  return {
    files,
    urls: fileUrl === undefined ? [] : [fileUrl],
    fields: typeof pageRanges === 'string' ? { ...fields, pages: pageRanges } : fields,
    previews: options.visualize === true,
    data: { form: isLayout ? 'layout' : 'ocr', batchId: batchId ?? undefined },
  };
}

async function readParts(
  body: Uint8Array,
  request: Request,
): Promise<{ files: ParsedRequest['files']; given: object }> {
  const form = await readFormRequest(body, request, requestForm);
  const other = form.files.find(({ field }) => field !== 'file');
  if (other !== undefined) {
    const problem = `its file is ${JSON.stringify(other.field)}`;
    throw new OcrHubError('request_malformed', { problem, expected: requestForm });
  }
  const given: Record<string, unknown> = Object.fromEntries(form.texts);
  const payload = given['optionalPayload'];
  if (typeof payload === 'string') {
    given['optionalPayload'] = parseJsonObject(Buffer.from(payload), 'optionalPayload as JSON, such as {}');
  }
  return { files: form.files.map(({ name, bytes }) => ({ name, bytes })), given };
}
