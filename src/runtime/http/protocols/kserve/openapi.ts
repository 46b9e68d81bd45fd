import { z } from '../../../values/check.js';
import type { ServiceDescription } from '../../../service/contract.js';
import type { OpenApiPart } from '../../protocol.js';
import { inferSchema } from './infer-schema.js';
import { modelNames } from './metadata.js';

export function toOpenApi(modules: readonly ServiceDescription[]): OpenApiPart {
  const model = {
    name: 'model',
    in: 'path',
    required: true,
    schema: { type: 'string', enum: modelNames(modules) },
  };
  return {
    paths: {
      '/v2/models/{model}/infer': {
        post: {
          operationId: 'kserve_infer',
          summary: 'The Open Inference Protocol, version 2',
          parameters: [model],
          requestBody: { required: true, content: { 'application/json': { schema: requestSchema() } } },
          responses: {
            '200': {
              description: 'The outputs.',
              content: { 'application/json': { schema: answer }, 'application/octet-stream': {} },
            },
            default: { description: 'An error.', content: { 'application/json': { schema: error } } },
          },
        },
      },
    },
    schemas: {},
  };
}

function requestSchema(): object {
  const { type, required, properties, additionalProperties } = z.toJSONSchema(inferSchema, { io: 'input' });
  return { type, required, properties, additionalProperties };
}

const answer = {
  type: 'object',
  required: ['model_name', 'outputs'],
  properties: {
    model_name: { type: 'string' },
    model_version: { type: 'string' },
    id: { type: 'string' },
    parameters: { type: 'object' },
    outputs: {
      type: 'array',
      items: {
        type: 'object',
        required: ['name', 'datatype', 'shape'],
        properties: {
          name: { type: 'string' },
          datatype: { type: 'string' },
          shape: { type: 'array', items: { type: 'integer', minimum: 0 } },
          data: { type: 'array' },
          parameters: { type: 'object' },
        },
      },
    },
  },
};

const error = { type: 'object', required: ['error'], properties: { error: { type: 'string' } } };
