import { z } from '../../../values/check.js';
import type { Body, Operation, Paths } from '../../protocol.js';
import { ocrRequest, uploadFields } from './request.js';

export function openApi(): Paths {
  const { properties, required } = z.toJSONSchema(ocrRequest, { io: 'input' });
  const form = z.toJSONSchema(uploadFields, { io: 'input' });
  const file = { type: 'string', contentMediaType: 'application/octet-stream' };
  const id = [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }];
  const hours = { name: 'expiry', in: 'query', schema: { type: 'number' }, description: 'Hours.' };
  return {
    '/v1/ocr': {
      post: {
        operationId: 'mistral_ocr',
        summary: "Mistral's OCR",
        requestBody: {
          required: true,
          content: {
            'application/json': { schema: { type: 'object', required, properties, additionalProperties: false } },
          },
        },
        responses: { '200': answer('The pages as Markdown.', pages), default: failed },
      },
    },
    '/v1/files': {
      post: {
        operationId: 'mistral_upload',
        summary: 'Keeps a file, to be read later',
        requestBody: {
          required: true,
          content: {
            'multipart/form-data': {
              schema: { type: 'object', required: ['file'], properties: { ...form.properties, file } },
            },
          },
        },
        responses: { '200': answer('The file.', fileAnswer), default: failed },
      },
      get: operation('mistral_list', 'The kept files', { type: 'object' }),
    },
    '/v1/files/{id}': {
      get: { ...operation('mistral_file', 'A kept file', fileAnswer), parameters: id },
      delete: { ...operation('mistral_delete', 'Removes a kept file', { type: 'object' }), parameters: id },
    },
    '/v1/files/{id}/url': {
      get: {
        ...operation('mistral_url', 'An address of the file that needs no token', { type: 'object' }),
        parameters: [...id, hours],
      },
    },
    '/v1/files/{id}/content': {
      get: {
        operationId: 'mistral_content',
        summary: 'The bytes of a kept file',
        parameters: id,
        responses: {
          '200': { description: 'The file.', content: { 'application/octet-stream': { schema: file } } },
          default: failed,
        },
      },
    },
  };
}

function operation(operationId: string, summary: string, schema: object): Operation {
  return { operationId, summary, responses: { '200': answer(summary, schema), default: failed } };
}

function answer(description: string, schema: object): Body {
  return { description, content: { 'application/json': { schema } } };
}

const failed = answer('An error.', {
  type: 'object',
  required: ['object', 'message', 'type', 'code'],
  properties: {
    object: { const: 'error' },
    message: { type: 'string' },
    type: { type: 'string' },
    param: { type: 'null' },
    code: { type: 'string' },
  },
});

const pages = {
  type: 'object',
  required: ['pages', 'model', 'usage_info'],
  properties: {
    pages: {
      type: 'array',
      items: {
        type: 'object',
        required: ['index', 'markdown', 'images', 'dimensions'],
        properties: { index: { type: 'integer' }, markdown: { type: 'string' } },
      },
    },
  },
};

const fileAnswer = {
  type: 'object',
  required: ['id', 'object', 'bytes', 'created_at', 'filename', 'purpose', 'sample_type', 'source'],
  properties: { id: { type: 'string' }, bytes: { type: 'integer' }, filename: { type: 'string' } },
};
