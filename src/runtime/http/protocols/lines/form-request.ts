import type { Request } from 'express';
import { OcrHubError } from '../../../errors/error.js';
import { readForm, type Form } from '../../body/form.js';
import { formBody } from '../../body/read-body.js';

/**
 * Reads a form with files, or one without. Text may be as long as the body, because a file may come as base64.
 *
 * @param expected the form of a request in one line, for the message
 * @throws OcrHubError `request_malformed`, `images_too_many`
 */
export async function readFormRequest(body: Uint8Array, request: Request, expected: string): Promise<Form> {
  const type = request.get('content-type') ?? '';
  if (formBody.pattern.test(type)) {
    return readForm(body, type, { maxFiles: 1, expected, maxTextBytes: Math.max(1, body.length) });
  }
  // Counted before they are parsed: 60 MiB of "a&" would take gigabytes.
  if (holdsMore(body, ampersand, maxTexts - 1)) {
    throw new OcrHubError('request_malformed', { problem: `the form has more than ${maxTexts} parts`, expected });
  }
  return { files: [], texts: [...new URLSearchParams(Buffer.from(body).toString('latin1'))] };
}

const maxTexts = 1000;

const ampersand = 0x26;

function holdsMore(body: Uint8Array, byte: number, limit: number): boolean {
  let count = 0;
  for (let at = body.indexOf(byte); at !== -1; at = body.indexOf(byte, at + 1)) if (++count > limit) return true;
  return false;
}
