import { OcrHubError } from '../../../errors/error.js';
import { check, z } from '../../../values/check.js';
import type { ObjectSchema } from '../../../values/json-schema.js';
import { decodeBase64 } from '../../body/base64.js';
import { parseJsonObject } from '../../body/json-object.js';
import type { ParsedRequest } from '../../protocol.js';
import { optionsSchema, type Options } from './options.js';

/** A request in one line. */
export const requestForm = '{"base64": "...", "options": {}}';

export const requestSchema = z.strictObject({
  base64: z.string('expected a picture in base64'),
  options: optionsSchema.nullish(),
});

export interface UmiRequest extends ParsedRequest {
  readonly options: Options;
}

/** @throws OcrHubError `request_malformed`, `request_not_object`, `key_unknown`, `value_invalid`, `image_not_base64` */
export function parseUmiOcr(body: Uint8Array, { properties }: ObjectSchema): UmiRequest {
  const given = check(requestSchema, parseJsonObject(body, requestForm), subject, { noun: 'field' });
  const options = given.options ?? {};
  const { 'ocr.cls': turns, 'ocr.limit_side_len': side } = options;
  const fields: Record<string, unknown> = {};
  const set = (name: string, value: unknown, field: string, fieldValue: unknown): void => {
    if (!Object.hasOwn(properties, field)) {
      throw new OcrHubError('value_invalid', {
        subject,
        key: name,
        value,
        problem: `the module has no field ${field}`,
      });
    }
    fields[field] = fieldValue;
  };
  // A module without the step cannot be told to leave it out.
  if (turns === true || (turns === false && Object.hasOwn(properties, 'use_angle_cls'))) {
    set('ocr.cls', turns, 'use_angle_cls', turns);
  }
  // Umi-OCR's largest values mean: as large as possible.
  if (side !== undefined) set('ocr.limit_side_len', side, 'det_limit_side_len', Math.min(side, maxSide));
  return { files: [{ name: '', bytes: decodeBase64(given.base64, 'base64') }], fields, options };
}

const subject = 'Request to /api/ocr';

/** The maximum of the parameter det_limit_side_len. */
const maxSide = 4000;
