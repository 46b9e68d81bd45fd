import { z } from '../../../values/check.js';
import type { Body, Operation, Paths } from '../../protocol.js';
import { convertOptions } from './options.js';

/** @param takesUrls whether the server fetches files */
export function openApiOf(takesUrls: boolean): Paths {
  const { properties = {} } = z.toJSONSchema(convertOptions, { io: 'input' });
  const files = { type: 'string', contentMediaType: 'application/octet-stream' };
  const form = { type: 'object', required: ['files'], properties: { files, ...properties } };
  const file = {
    type: 'object',
    required: ['kind', 'base64_string'],
    properties: { kind: { const: 'file' }, filename: { type: 'string' }, base64_string: { type: 'string' } },
  };
  const http = {
    type: 'object',
    required: ['kind', 'url'],
    properties: { kind: { const: 'http' }, url: { type: 'string' } },
  };
  const source = {
    type: 'object',
    required: ['sources'],
    properties: {
      options: { type: 'object', properties, additionalProperties: false },
      sources: { type: 'array', minItems: 1, maxItems: 1, items: takesUrls ? { anyOf: [file, http] } : file },
    },
  };
  const formContent = { 'multipart/form-data': { schema: form } };
  const sourceContent = { 'application/json': { schema: source } };
  return {
    '/v1/convert/file': { post: convert('docling_file', formContent, converted) },
    '/v1/convert/source': { post: convert('docling_source', sourceContent, converted) },
    '/v1/convert/file/async': { post: convert('docling_file_async', formContent, task) },
    '/v1/convert/source/async': { post: convert('docling_source_async', sourceContent, task) },
    '/v1/status/poll/{id}': { get: asked('docling_status', 'The state of a job', task) },
    '/v1/result/{id}': { get: asked('docling_result', 'The result of a job', converted) },
  };
}

function convert(operationId: string, content: Body['content'] & object, answer: object): Operation {
  return {
    operationId,
    summary: "docling-serve's conversion",
    requestBody: { required: true, content },
    responses: { '200': json('The answer.', answer), default: failed },
  };
}

function asked(operationId: string, summary: string, answer: object): Operation {
  const parameters = [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }];
  return { operationId, summary, parameters, responses: { '200': json(summary, answer), default: failed } };
}

function json(description: string, schema: object): Body {
  return { description, content: { 'application/json': { schema } } };
}

const failed = json('An error.', {
  type: 'object',
  required: ['detail'],
  properties: { detail: { type: 'string' } },
});

const task = {
  type: 'object',
  required: ['task_id', 'task_status'],
  properties: {
    task_id: { type: 'string' },
    task_status: { type: 'string', enum: ['pending', 'started', 'success', 'failure'] },
  },
};

const content = { type: ['string', 'null'] };

const converted = {
  type: 'object',
  required: ['document', 'status', 'errors', 'processing_time'],
  properties: {
    document: {
      type: 'object',
      required: ['filename'],
      properties: { filename: { type: 'string' }, md_content: content, text_content: content },
    },
    status: { type: 'string', enum: ['success'] },
    errors: { type: 'array' },
    processing_time: { type: 'number', description: 'Seconds.' },
  },
};
