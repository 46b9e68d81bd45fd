import type { PathItem } from '../../protocol.js';

const schema = {
  type: 'object',
  required: ['file'],
  properties: {
    file: { type: 'string', contentMediaType: 'application/octet-stream' },
    language: { type: 'string', description: 'Not used: the models read the languages of their set.' },
  },
};

const answer = {
  type: 'object',
  required: ['results'],
  properties: {
    results: {
      type: 'array',
      items: {
        type: 'object',
        required: ['text', 'bbox', 'confidence'],
        properties: {
          text: { type: 'string' },
          bbox: { type: 'array', minItems: 4, maxItems: 4, items: { type: 'number' } },
          confidence: { type: 'number' },
        },
      },
    },
  },
};

const error = { type: 'object', required: ['error'], properties: { error: { type: 'string' } } };

export const openApi: PathItem = {
  post: {
    operationId: 'liteparse_ocr',
    summary: "LiteParse's OCR API",
    requestBody: { required: true, content: { 'multipart/form-data': { schema } } },
    responses: {
      '200': { description: 'The lines.', content: { 'application/json': { schema: answer } } },
      default: { description: 'An error.', content: { 'application/json': { schema: error } } },
    },
  },
};
