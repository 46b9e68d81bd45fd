import { OcrHubError } from '../../../errors/error.js';
import { check, z } from '../../../values/check.js';
import { decodeBase64 } from '../../body/base64.js';
import { parseJsonObject } from '../../body/json-object.js';
import type { ParsedRequest } from '../../protocol.js';

/** A request in one line. */
export const requestForm = '{"key": ["image"], "value": [base64]}';

const texts = z.array(z.string('expected a text'), 'expected a list of texts');

/** The fields of the gateway's Request message. */
export const requestSchema = z.strictObject({
  key: texts.describe('["image"]'),
  value: texts.describe('The file in base64.'),
  tensors: z.array(z.never(), 'expected an empty list: files come in "value"').max(0).optional(),
  name: z.literal(['ocr', ''], 'expected ocr').optional(),
  method: z.literal(['prediction', ''], 'expected prediction').optional(),
  // Ends of int64 come as text.
  logid: z.union([z.number(), z.string()]).optional(),
  clientip: z.string().optional(),
});

/** @throws OcrHubError `request_malformed`, `request_not_object`, `key_unknown`, `value_invalid`, `image_not_base64` */
export function parsePrediction(body: Uint8Array): ParsedRequest {
  const { key, value } = check(requestSchema, parseJsonObject(body, requestForm), subject, { noun: 'field' });
  const refuse = (name: string, given: unknown, problem: string): OcrHubError =>
    new OcrHubError('value_invalid', { subject, key: name, value: given, problem });
  const other = key.find((name) => name !== 'image');
  if (other !== undefined) throw refuse('key', other, 'expected image');
  if (key.length !== 1) throw refuse('key', key.length, 'expected the name of one file');
  const [text] = value;
  if (text === undefined || value.length > 1) throw refuse('value', value.length, 'expected one file, as in "key"');
  return { files: [{ name: '', bytes: decodeBase64(text, 'value[0]') }], fields: {} };
}

const subject = 'Request to /ocr/prediction';
