import type { Request } from 'express';
import { OcrHubError } from '../../../errors/error.js';
import type { ObjectSchema } from '../../../values/json-schema.js';
import { decodeBase64 } from '../../body/base64.js';
import { formFields } from '../lines/form-fields.js';
import { readFormRequest } from '../lines/form-request.js';
import type { ParsedRequest } from '../../protocol.js';

/** A request in one line. */
export const requestForm = 'a form with the file image_file, or with image_data in base64';

/**
 * Reads a form of rapidocr_api. Its three switches are honored if the module can; other parts are fields of the module.
 *
 * @throws OcrHubError `request_malformed`, `images_too_many`, `value_invalid`, `image_not_base64`
 */
export async function parseRapidOcr(body: Uint8Array, request: Request, own: ObjectSchema): Promise<ParsedRequest> {
  const form = await readFormRequest(body, request, requestForm);
  const given = formFields(form, own, { subject, expected: requestForm });
  const { image_data: data, use_det: detects, use_cls: turns, use_rec: reads, ...texts } = given;
  const [file] = form.files;
  const refuse = (key: string, value: unknown, problem: string): OcrHubError =>
    new OcrHubError('value_invalid', { subject, key, value, problem });
  if (file !== undefined && file.field !== 'image_file') throw refuse('file', file.field, 'expected image_file');
  if (file === undefined && data === undefined) {
    throw new OcrHubError('request_malformed', { problem: 'it holds no file', expected: requestForm });
  }
  if (file !== undefined && data !== undefined) throw refuse('image_data', '...', 'image_file is given as well');
  if (!readFlag('use_det', detects, true)) throw refuse('use_det', detects, 'lines are always detected');
  if (!readFlag('use_rec', reads, true)) throw refuse('use_rec', reads, 'lines are always read');
  const bytes = file?.bytes ?? decodeBase64(data ?? '', 'image_data');
  const turned = turns === undefined || turns === '' ? undefined : readFlag('use_cls', turns, false);
  const canTurn = Object.hasOwn(own.properties, 'use_angle_cls');
  if (turned === true && !canTurn) throw refuse('use_cls', turns, 'the module has no field use_angle_cls');
  const fields = turned === undefined || !canTurn ? {} : { use_angle_cls: turned };
  return { files: [{ name: file?.name ?? '', bytes }], fields, texts };
}

const subject = 'Request to /ocr';

/** FastAPI's texts for a boolean. */
function readFlag(key: string, text: string | undefined, usual: boolean): boolean {
  if (text === undefined || text === '') return usual;
  if (/^(true|1|yes|on|t|y)$/i.test(text)) return true;
  if (/^(false|0|no|off|f|n)$/i.test(text)) return false;
  throw new OcrHubError('value_invalid', { subject, key, value: text, problem: 'expected true or false' });
}
