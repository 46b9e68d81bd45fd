import type { Request } from 'express';
import { isKnownFile } from '../../../document/file-format.js';
import { OcrHubError } from '../../../errors/error.js';
import { documentFieldNames } from '../../../service/reading.js';
import type { ObjectSchema } from '../../../values/json-schema.js';
import { readForm } from '../../body/form.js';
import { expectedTypes, fileBody, formBody, jsonBody } from '../../body/read-body.js';
import type { ParsedRequest } from '../../protocol.js';
import { acceptedFormat } from './accept.js';
import { maxImages, parseJsonRequest, requestForm } from './json-request.js';

/**
 * Reads a request in one of three forms: HubServing's JSON, a form with files, or the bytes of one file. The query holds
 * further fields; next to JSON only those for documents, because HubServing ignores the query. Each `url` of the query or of a
 * form is the address of a further file. The header Accept names a
 * format unless a field does.
 */
export async function parsePredictRequest(
  body: Uint8Array,
  request: Request,
  own: ObjectSchema,
): Promise<ParsedRequest> {
  const parsed = await parseBody(body, request, own);
  const format = acceptedFormat(request);
  return format === undefined ? parsed : { ...parsed, texts: { format, ...parsed.texts } };
}

export const bodyTypes = [jsonBody, formBody, fileBody];

async function parseBody(body: Uint8Array, request: Request, own: ObjectSchema): Promise<ParsedRequest> {
  const type = request.get('content-type') ?? '';
  const query = queryOf(request);
  const isUrl = (name: string): boolean => name === 'url' && !Object.hasOwn(own.properties, 'url');
  if (jsonBody.pattern.test(type)) {
    const texts = query.filter(([name]) => documentFieldNames.includes(name));
    return { ...parseJsonRequest(body, own), texts: Object.fromEntries(texts) };
  }
  if (formBody.pattern.test(type)) {
    const { files, texts } = await readForm(body, type, { maxFiles: maxImages, expected: requestForm });
    const parts = split([...query, ...texts], isUrl);
    if (files.length + parts.urls.length === 0) throw malformed('the form holds no file');
    return { files, fields: {}, ...parts };
  }
  const parts = split(query, isUrl);
  if (body.length === 0 && parts.urls.length > 0) return { files: [], fields: {}, ...parts };
  // curl gives a file the type of a form without files, and some clients give it none.
  if (/^$|x-www-form-urlencoded/i.test(type) && !isKnownFile(body)) {
    throw new OcrHubError('content_type_unknown', { type, expected: expectedTypes(bodyTypes) });
  }
  if (body.length === 0) throw malformed('the body is empty');
  return { files: [{ bytes: body, name: '' }], fields: {}, ...parts };
}

type Pairs = readonly (readonly [name: string, text: string])[];

function queryOf({ originalUrl }: Request): Pairs {
  const start = originalUrl.indexOf('?');
  return start === -1 ? [] : [...new URLSearchParams(originalUrl.slice(start))];
}

/** Of several texts with one name, the last counts; addresses count all. */
function split(pairs: Pairs, isUrl: (name: string) => boolean): { urls: string[]; texts: Record<string, string> } {
  return {
    urls: pairs.filter(([name]) => isUrl(name)).map(([, text]) => text),
    texts: Object.fromEntries(pairs.filter(([name]) => !isUrl(name))),
  };
}

function malformed(problem: string): OcrHubError {
  return new OcrHubError('request_malformed', { problem, expected: requestForm });
}
