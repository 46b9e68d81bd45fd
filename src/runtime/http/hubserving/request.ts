import type { Request } from 'express';
import { isKnownFile } from '../../document/file-format.js';
import { OcrHubError } from '../../errors/error.js';
import { documentFieldNames } from '../../service/reading.js';
import { readForm } from '../body/form.js';
import { expectedTypes, fileBody, formBody, jsonBody } from '../body/read-body.js';
import type { ParsedRequest } from '../protocol.js';
import { acceptedFormat } from './accept.js';
import { maxImages, parseJsonRequest, requestForm } from './json-request.js';

/**
 * Reads a request in one of three forms: HubServing's JSON, a form with files, or the bytes of one file. The query holds
 * further fields; next to JSON only those for documents, because HubServing ignores the query. The header Accept names a
 * format unless a field does.
 */
export async function parsePredictRequest(body: Uint8Array, request: Request): Promise<ParsedRequest> {
  const parsed = await parseBody(body, request);
  const format = acceptedFormat(request);
  return format === undefined ? parsed : { ...parsed, texts: { format, ...parsed.texts } };
}

export const bodyTypes = [jsonBody, formBody, fileBody];

async function parseBody(body: Uint8Array, request: Request): Promise<ParsedRequest> {
  const type = request.get('content-type') ?? '';
  const query = queryOf(request);
  if (jsonBody.pattern.test(type)) {
    const texts = Object.entries(query).filter(([name]) => documentFieldNames.includes(name));
    return { ...parseJsonRequest(body), texts: Object.fromEntries(texts) };
  }
  if (formBody.pattern.test(type)) {
    const { files, texts } = await readForm(body, type, { maxFiles: maxImages, expected: requestForm });
    if (files.length === 0) throw malformed('the form holds no file');
    return { files, fields: {}, texts: { ...query, ...texts } };
  }
  // curl gives a file the type of a form without files, and some clients give it none.
  if (/^$|x-www-form-urlencoded/i.test(type) && !isKnownFile(body)) {
    throw new OcrHubError('content_type_unknown', { type, expected: expectedTypes(bodyTypes) });
  }
  if (body.length === 0) throw malformed('the body is empty');
  return { files: [{ bytes: body, name: '' }], fields: {}, texts: query };
}

/** Of several values with one name, the last. */
function queryOf({ originalUrl }: Request): Readonly<Record<string, string>> {
  const start = originalUrl.indexOf('?');
  return start === -1 ? {} : Object.fromEntries(new URLSearchParams(originalUrl.slice(start)));
}

function malformed(problem: string): OcrHubError {
  return new OcrHubError('request_malformed', { problem, expected: requestForm });
}
