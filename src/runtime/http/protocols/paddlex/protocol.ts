import { jsonBody } from '../../body/read-body.js';
import { linesModule } from '../lines/module.js';
import type { Endpoint, Protocol } from '../../protocol.js';
import { toErrorReply, toLayoutReply, toReply } from './answer.js';
import { layoutOpenApi, toOpenApi } from './openapi.js';
import { parseLayoutRequest, parseOcrRequest, requestForm } from './request.js';

const path = '/ocr';
const layoutPath = '/layout-parsing';

/** PaddleX's basic serving (`paddlex --serve --pipeline OCR`), which PaddleOCR 3 documents, and the form of its pipelines for layouts. */
export function paddleX({ allowUrls }: { readonly allowUrls: readonly string[] }): Protocol {
  return {
    requestForm,
    endpoints: [ocr, layout],
    ownsPath: (requested) => requested === path || requested === layoutPath,
    toErrorReply,
    toOpenApi() {
      const takesUrls = allowUrls.length > 0;
      return { paths: { [path]: toOpenApi(takesUrls), [layoutPath]: layoutOpenApi(takesUrls) }, schemas: {} };
    },
  };
}

const ocr: Endpoint = {
  path,
  bodyTypes: [jsonBody],
  moduleOf: (_request, served) => linesModule(path, served),
  parse: (body, _request, own) => parseOcrRequest(body, own),
  toReply,
};

const layout: Endpoint = {
  path: layoutPath,
  bodyTypes: [jsonBody],
  moduleOf: (_request, served) => linesModule(layoutPath, served),
  parse: (body, _request, own) => parseLayoutRequest(body, own),
  toReply: toLayoutReply,
};
