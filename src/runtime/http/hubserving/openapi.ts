import type { ServiceDescription } from '../../service/contract.js';
import type { ObjectSchema } from '../../values/json-schema.js';
import { toFieldSchemas } from '../field-schemas.js';
import type { OpenApiPart } from '../protocol.js';
import { maxImages } from './json-request.js';

/** HubServing's part of /openapi.json: one path for each served module, and the envelope. */
export function toOpenApi(modules: readonly ServiceDescription[]): OpenApiPart {
  return {
    paths: Object.fromEntries(modules.map((module) => [`/predict/${module.route}`, pathOf(module)])),
    schemas: { Answer: answer },
  };
}

const answer = {
  type: 'object',
  description: "HubServing's envelope.",
  required: ['msg', 'results', 'status'],
  properties: {
    msg: { type: 'string', description: 'Empty, or the error.' },
    results: { description: "The module's answer; an empty text with an error." },
    status: { type: 'string', enum: ['000', '101', '111', '112'], description: '"000": answered.' },
  },
};

function pathOf({ route, version, summary, fields }: ServiceDescription): object {
  const content = { 'application/json': { schema: { $ref: '#/components/schemas/Answer' } } };
  return {
    post: {
      operationId: `predict_${route}`,
      summary,
      description: `Version ${version}.`,
      requestBody: { required: true, content: { 'application/json': { schema: bodyOf(fields) } } },
      responses: { '200': { description: 'The answer.', content }, default: { description: 'An error.', content } },
    },
  };
}

function bodyOf(fields: ObjectSchema): object {
  const images = {
    type: 'array',
    minItems: 1,
    maxItems: maxImages,
    items: { type: 'string', contentEncoding: 'base64' },
    description: 'Files: JPEG, PNG, WebP, TIFF, GIF, BMP or PDF.',
  };
  return {
    type: 'object',
    required: ['images', ...fields.required],
    properties: { images, ...toFieldSchemas(fields) },
    additionalProperties: false,
  };
}
