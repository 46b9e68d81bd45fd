import { z } from '../../../values/check.js';
import type { ServiceDescription } from '../../../service/contract.js';
import type { OpenApiPart, Operation, Paths } from '../../protocol.js';
import { inferSchema } from './infer-schema.js';
import { modelNames } from './metadata.js';

export function toOpenApi(modules: readonly ServiceDescription[]): OpenApiPart {
  const model = {
    name: 'model',
    in: 'path',
    required: true,
    schema: { type: 'string', enum: modelNames(modules) },
  };
  const version = {
    name: 'version',
    in: 'path',
    required: true,
    schema: { type: 'string', enum: [...new Set(modules.map((module) => module.version))] },
  };
  const about = (parameters: readonly object[], path: string): Paths => ({
    [path]: { get: { summary: 'KServe: the tensors of a model', parameters, responses: statesOf(metadata) } },
    [`${path}/ready`]: {
      get: { summary: 'KServe: whether a model answers', parameters, responses: statesOf(modelReady) },
    },
  });
  const infer = (parameters: readonly object[]): Operation => ({
    summary: 'The Open Inference Protocol, version 2',
    parameters,
    requestBody: { required: true, content: { 'application/json': { schema: requestSchema() } } },
    responses: {
      '200': {
        description: 'The outputs.',
        content: { 'application/json': { schema: answer }, 'application/octet-stream': {} },
      },
      default: { description: 'An error.', content: { 'application/json': { schema: error } } },
    },
  });
  return {
    paths: {
      '/v2': { get: { summary: 'KServe: the server', responses: statesOf(server) } },
      '/v2/health/live': { get: { summary: 'KServe: whether the process runs', responses: statesOf(live) } },
      '/v2/health/ready': { get: { summary: 'KServe: whether requests are answered', responses: statesOf(ready) } },
      '/v2/models': { get: { summary: 'KServe: the names of the models', responses: statesOf(names) } },
      ...about([model], '/v2/models/{model}'),
      ...about([model, version], '/v2/models/{model}/versions/{version}'),
      '/v2/models/{model}/infer': { post: infer([model]) },
      '/v2/models/{model}/versions/{version}/infer': { post: infer([model, version]) },
    },
    schemas: {},
  };
}

/** An answer with a state, also if the state is that the server or a model is not ready. */
function statesOf(schema: object): Operation['responses'] {
  return {
    '200': { description: 'The answer.', content: { 'application/json': { schema } } },
    '503': { description: 'Not ready.', content: { 'application/json': { schema } } },
    default: { description: 'An error.', content: { 'application/json': { schema: error } } },
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

const flag = { type: 'boolean' };
const text = { type: 'string' };
const tensors = { type: 'array', items: { type: 'object', required: ['name', 'datatype', 'shape'] } };

const server = {
  type: 'object',
  required: ['name', 'version', 'extensions'],
  properties: { name: text, version: text, extensions: { type: 'array', items: text } },
};
const live = { type: 'object', required: ['live'], properties: { live: flag } };
const ready = { type: 'object', required: ['ready'], properties: { ready: flag } };
const modelReady = { type: 'object', required: ['name', 'ready'], properties: { name: text, ready: flag } };
const names = { type: 'object', required: ['models'], properties: { models: { type: 'array', items: text } } };
const metadata = {
  type: 'object',
  required: ['name', 'versions', 'platform', 'inputs', 'outputs'],
  properties: {
    name: text,
    versions: { type: 'array', items: text },
    platform: text,
    inputs: tensors,
    outputs: tensors,
  },
};
