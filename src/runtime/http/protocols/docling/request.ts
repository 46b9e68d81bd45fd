import type { Request } from 'express';
import { OcrHubError } from '../../../errors/error.js';
import type { RequestFile } from '../../../service/contract.js';
import { check, z } from '../../../values/check.js';
import { decodeBase64 } from '../../body/base64.js';
import { sentFileName } from '../../body/file-name.js';
import { parseJsonObject } from '../../body/json-object.js';
import type { ParsedRequest } from '../../protocol.js';
import { fileOf } from '../lines/file.js';
import { readFormRequest } from '../lines/form-request.js';
import { convertOptions, readFormOptions, type ConvertOptions } from './options.js';

/** A request in one line. */
export const requestForm = 'a form with the file "files", or {"options": {}, "sources": [{"kind": "file", ...}]}';

const headers = z.record(z.string(), z.unknown()).nullish();

const source = z.discriminatedUnion(
  'kind',
  [
    z.strictObject({
      kind: z.literal('file'),
      filename: z.string('expected a text').default(''),
      base64_string: z.string('expected a file in base64'),
    }),
    z.strictObject({
      kind: z.literal('http'),
      url: z.string('expected an address'),
      headers: headers.refine((given) => Object.keys(given ?? {}).length === 0, 'headers are not sent; expected none'),
    }),
  ],
  'expected an object with the kind file or http',
);

const sourceRequest = z.strictObject({
  options: convertOptions.default({}),
  sources: z.array(source, 'expected a list of sources').length(1, 'expected one source'),
  target: z.strictObject({ kind: z.literal('inbody', 'expected inbody') }).nullish(),
});

/** What an answer needs of the request. */
export interface ConvertData {
  readonly name: string;
  readonly markdown: boolean;
  readonly text: boolean;
  readonly pageBreak: string | undefined;
}

export interface ConvertRequest extends ParsedRequest {
  readonly data: ConvertData;
}

/** @throws OcrHubError `request_malformed`, `images_too_many`, `key_unknown`, `value_invalid` */
export async function parseFile(body: Uint8Array, request: Request): Promise<ConvertRequest> {
  const form = await readFormRequest(body, request, requestForm);
  const file = fileOf(form, 'files', requestForm);
  return { files: [file], ...withOptions(readFormOptions(form.texts), file.name) };
}

/** @throws OcrHubError `request_malformed`, `request_not_object`, `key_unknown`, `value_invalid`, `image_not_base64` */
export function parseSource(body: Uint8Array): ConvertRequest {
  const { sources, options } = check(sourceRequest, parseJsonObject(body, requestForm), 'The request', {
    noun: 'field',
  });
  const [only] = sources;
  if (only === undefined)
    throw new OcrHubError('request_malformed', { problem: 'it has no source', expected: requestForm });
  if (only.kind === 'http') {
    const name = URL.canParse(only.url) ? new URL(only.url).pathname.replace(/^.*\//, '') : '';
    return { files: [], urls: [only.url], ...withOptions(options, name) };
  }
  const name = sentFileName(only.filename);
  const file: RequestFile = { name, bytes: decodeBase64(only.base64_string, 'base64_string') };
  return { files: [file], ...withOptions(options, name) };
}

function withOptions(
  { to_formats, page_range, do_ocr, force_ocr, md_page_break_placeholder }: ConvertOptions,
  name: string,
): Pick<ConvertRequest, 'fields' | 'data'> {
  const wanted = to_formats ?? ['md'];
  const takesText = do_ocr === false && force_ocr !== true;
  return {
    fields: {
      ...(page_range === undefined || page_range === null ? {} : { pages: `${page_range[0]}-${page_range[1]}` }),
      ...(takesText ? { use_text_layer: true } : {}),
    },
    data: {
      name,
      markdown: wanted.includes('md'),
      text: wanted.includes('text'),
      pageBreak: md_page_break_placeholder ?? undefined,
    },
  };
}
