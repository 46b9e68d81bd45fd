import { check } from '../../../values/check.js';
import type { ObjectSchema } from '../../../values/json-schema.js';
import { decodeBase64 } from '../../body/base64.js';
import { parseJsonObject } from '../../body/json-object.js';
import type { ParsedRequest } from '../../protocol.js';
import { layoutRequestFields, ocrFields } from '../pipelines/fields.js';
import { toModuleFields } from '../pipelines/module-fields.js';

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
  const subject = 'Request to /ocr';
  const given = check(ocrFields, parseJsonObject(body, requestForm), subject);
  const fields = toModuleFields(given, ocrFields, own, subject);
  return toRequest(given, fields, given.visualize !== false);
}

/** The same for a pipeline that answers a layout. Its clients ask for pictures, if they use them. */
export function parseLayoutRequest(body: Uint8Array, own: ObjectSchema): OcrRequest {
  const subject = 'Request to /layout-parsing';
  const given = check(layoutRequestFields, parseJsonObject(body, requestForm), subject);
  const fields = toModuleFields(given, layoutRequestFields, own, subject);
  return toRequest(given, fields, given.visualize === true);
}

interface Given {
  readonly file: string;
  readonly logId?: string | null | undefined;
}

function toRequest({ file, logId }: Given, fields: Record<string, unknown>, previews: boolean): OcrRequest {
  const isAddress = /^https?:\/\//i.test(file);
  return {
    files: isAddress ? [] : [{ name: '', bytes: decodeBase64(file, 'file') }],
    urls: isAddress ? [file] : [],
    fields,
    previews,
    logId: logId ?? undefined,
  };
}
