import { jsonBody } from '../../body/read-body.js';
import { linesModule } from '../lines/module.js';
import type { Endpoint, Protocol } from '../../protocol.js';
import { toErrorReply, toReply } from './answer.js';
import { toOpenApi } from './openapi.js';
import { parseOcrRequest, requestForm } from './request.js';

const path = '/ocr';

/** PaddleX's basic serving of its OCR pipeline (`paddlex --serve --pipeline OCR`), which PaddleOCR 3 documents. */
export function paddleX({ allowUrls }: { readonly allowUrls: readonly string[] }): Protocol {
  return {
    requestForm,
    endpoints: [ocr],
    ownsPath: (requested) => requested === path,
    toErrorReply,
    toOpenApi: () => ({ paths: { [path]: toOpenApi(allowUrls.length > 0) }, schemas: {} }),
  };
}

const ocr: Endpoint = {
  path,
  bodyTypes: [jsonBody],
  moduleOf: (_request, served) => linesModule(path, served),
  parse: (body, _request, own) => parseOcrRequest(body, own),
  toReply,
};
