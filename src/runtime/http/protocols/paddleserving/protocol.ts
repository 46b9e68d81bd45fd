import { z } from '../../../values/check.js';
import { anyBody } from '../../body/read-body.js';
import { linesModule } from '../lines/module.js';
import type { PathItem, Protocol } from '../../protocol.js';
import { toErrorReply, toReply } from './answer.js';
import { parsePrediction, requestForm, requestSchema } from './request.js';

const path = '/ocr/prediction';

/** The HTTP gateway of PaddleServing's pipeline, which PaddleOCR's second deployment guide sets up. */
export function paddleServing(): Protocol {
  return {
    requestForm,
    endpoints: [
      {
        path,
        bodyTypes: [anyBody],
        moduleOf: (_request, served) => linesModule(path, served),
        parse: parsePrediction,
        toReply,
      },
    ],
    ownsPath: (requested) => requested === path,
    toErrorReply,
    toOpenApi: () => ({ paths: { [path]: openApi() }, schemas: {} }),
  };
}

function openApi(): PathItem {
  const { properties, required } = z.toJSONSchema(requestSchema, { io: 'input', unrepresentable: 'any' });
  const json = { 'application/json': { schema: answer } };
  return {
    post: {
      operationId: 'paddleserving_prediction',
      summary: "PaddleServing's OCR pipeline",
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

const texts = { type: 'array', items: { type: 'string' } };

const answer = {
  type: 'object',
  required: ['err_no', 'err_msg', 'key', 'value', 'tensors'],
  properties: {
    err_no: { type: 'integer', description: '0: answered.' },
    err_msg: { type: 'string' },
    key: texts,
    value: { ...texts, description: "For each page a list in Python's syntax: [(text, confidence), region]." },
    tensors: { type: 'array', maxItems: 0 },
  },
};
