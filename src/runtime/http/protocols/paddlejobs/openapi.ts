import { z } from '../../../values/check.js';
import type { Body, Operation, Paths } from '../../protocol.js';
import { jobOptions } from '../pipelines/fields.js';
import { jobFields } from './request.js';

/** @param takesUrls whether the server fetches files */
export function openApiOf(takesUrls: boolean): Paths {
  const { properties = {} } = z.toJSONSchema(jobFields, { io: 'input' });
  const { fileUrl, ...fields } = properties;
  const options = z.toJSONSchema(jobOptions, { io: 'input' });
  const payload = { ...fields, optionalPayload: { type: 'object', properties: options.properties } };
  const file = { type: 'string', contentMediaType: 'application/octet-stream' };
  const form = {
    type: 'object',
    required: ['model', 'file'],
    properties: { ...fields, optionalPayload: { type: 'string' }, file },
  };
  const json = { type: 'object', required: ['model', 'fileUrl'], properties: { ...payload, fileUrl } };
  const content: Body['content'] = {
    'multipart/form-data': { schema: form },
    ...(takesUrls ? { 'application/json': { schema: json } } : {}),
  };
  return {
    '/api/v2/ocr/jobs': {
      post: {
        operationId: 'paddlejobs_submit',
        summary: "A job of PaddleOCR's hosted service",
        requestBody: { required: true, content },
        responses: { '200': answerOf('The job is accepted.'), default: answerOf('An error.') },
      },
    },
    '/api/v2/ocr/jobs/{id}': { get: asked('paddlejobs_get', 'The state of a job.', ['id']) },
    '/api/v2/ocr/jobs/batch/{id}': {
      get: asked('paddlejobs_batch', 'The states of the jobs with one batchId.', ['id']),
    },
    '/api/v2/ocr/results/{id}/{secret}/result.jsonl': {
      get: {
        ...asked('paddlejobs_result', 'A line of JSON for each page.', ['id', 'secret']),
        responses: {
          '200': { description: 'The pages.', content: { 'application/x-ndjson': { schema: { type: 'string' } } } },
          default: answerOf('An error.'),
        },
      },
    },
  };
}

function asked(operationId: string, summary: string, names: readonly string[]): Operation {
  const parameters = names.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } }));
  return { operationId, summary, parameters, responses: { '200': answerOf(summary), default: answerOf('An error.') } };
}

function answerOf(description: string): Body {
  return { description, content: { 'application/json': { schema: envelope } } };
}

const envelope = {
  type: 'object',
  required: ['code', 'msg'],
  properties: {
    code: { type: 'integer', description: '0, or the HTTP status of an error.' },
    msg: { type: 'string' },
    data: { type: ['object', 'null'] },
  },
};
