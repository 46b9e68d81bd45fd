import { z } from '../../../values/check.js';
import { anyBody } from '../../body/read-body.js';
import { linesModule } from '../lines/module.js';
import { page } from '../../page.js';
import type { PathItem, Protocol } from '../../protocol.js';
import { toErrorReply, toReply } from './answer.js';
import { optionList } from './options.js';
import { parseUmiOcr, requestForm, requestSchema } from './request.js';

const path = '/api/ocr';

/** Umi-OCR's HTTP interface for pictures. */
export function umiOcr(): Protocol {
  return {
    requestForm,
    endpoints: [
      {
        path,
        bodyTypes: [anyBody],
        moduleOf: (_request, served) => linesModule(path, served),
        parse: (body, _request, own) => parseUmiOcr(body, own),
        toReply,
      },
    ],
    pages: () => page(`${path}/get_options`, (_request, response) => void response.json(optionList)),
    ownsPath: (requested) => requested === path || requested.startsWith(`${path}/`),
    toErrorReply,
    toOpenApi: () => ({ paths: { [path]: openApi(), [`${path}/get_options`]: optionsApi }, schemas: {} }),
  };
}

function openApi(): PathItem {
  const { properties, required } = z.toJSONSchema(requestSchema, { io: 'input' });
  const json = { 'application/json': { schema: answer } };
  return {
    post: {
      operationId: 'umiocr_ocr',
      summary: "Umi-OCR's interface for pictures",
      requestBody: {
        required: true,
        content: {
          'application/json': { schema: { type: 'object', required, properties, additionalProperties: false } },
        },
      },
      responses: {
        '200': { description: 'The answer.', content: json },
        default: { description: 'An error.', content: json },
      },
    },
  };
}

const optionsApi: PathItem = {
  get: {
    operationId: 'umiocr_options',
    summary: "Umi-OCR's options",
    responses: { '200': { description: 'Them.', content: { 'application/json': { schema: { type: 'object' } } } } },
  },
};

const line = {
  type: 'object',
  required: ['text', 'score', 'box', 'end'],
  properties: { text: { type: 'string' }, score: { type: 'number' }, box: { type: 'array' }, end: { type: 'string' } },
};

const answer = {
  type: 'object',
  required: ['code', 'data'],
  properties: {
    code: { type: 'integer', description: '100: text was found, 101: none was; above: an error.' },
    data: { oneOf: [{ type: 'string' }, { type: 'array', items: line }] },
    time: { type: 'number', description: 'Seconds.' },
    timestamp: { type: 'number', description: 'Seconds since 1970.' },
  },
};
