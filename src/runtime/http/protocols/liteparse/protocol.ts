import type { Request } from 'express';
import type { OcrHubError } from '../../../errors/error.js';
import type { PredictAnswer } from '../../../service/contract.js';
import type { ObjectSchema } from '../../../values/json-schema.js';
import { formBody } from '../../body/read-body.js';
import { boundsOf } from '../lines/bounds.js';
import { fileOf } from '../lines/file.js';
import { formFields } from '../lines/form-fields.js';
import { readFormRequest } from '../lines/form-request.js';
import { linesModule } from '../lines/module.js';
import { linesOfFile } from '../lines/pages.js';
import type { Asked, ParsedRequest, Protocol, Reply } from '../../protocol.js';
import { openApi } from './openapi.js';

const path = '/ocr';
const requestForm = 'a form with the file "file"';

/** LiteParse's OCR API: a form with `file`. */
export function liteParse(): Protocol {
  return {
    requestForm,
    endpoints: [
      {
        path,
        bodyTypes: [formBody],
        takes: (request) => formBody.pattern.test(request.get('content-type') ?? ''),
        moduleOf: (_request, served) => linesModule(path, served),
        parse,
        toReply,
      },
    ],
    ownsPath: () => false,
    toErrorReply,
    toOpenApi: () => ({ paths: { [path]: openApi }, schemas: {} }),
  };
}

/**
 * LiteParse always sends `language`. It is not used: the models read the languages of their set. Other parts are fields of the
 * module and of documents.
 */
async function parse(body: Uint8Array, request: Request, own: ObjectSchema): Promise<ParsedRequest> {
  const form = await readFormRequest(body, request, requestForm);
  const given = formFields(form, own, { subject: `Request to ${path}`, expected: requestForm });
  const isUsed = (name: string): boolean => name !== 'language' || Object.hasOwn(own.properties, name);
  const texts = Object.fromEntries(Object.entries(given).filter(([name]) => isUsed(name)));
  return { files: [fileOf(form, 'file', requestForm)], fields: {}, texts };
}

function toReply(answer: PredictAnswer, { module }: Asked): Reply {
  const lines = linesOfFile(answer, module.route).flatMap((page) => page.lines);
  const results = lines.map(({ text, text_region, confidence }) => ({ text, bbox: boundsOf(text_region), confidence }));
  return { http: 200, contentType: 'json', body: JSON.stringify({ results }), status: '200', message: '' };
}

function toErrorReply({ message, httpStatus }: OcrHubError): Reply {
  const body = JSON.stringify({ error: message });
  return { http: httpStatus, contentType: 'json', body, status: String(httpStatus), message };
}
