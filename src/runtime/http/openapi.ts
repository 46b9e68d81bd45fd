import { Router } from 'express';
import { maxImages } from './hubserving/request.js';
import type { Service, ServiceDescription } from '../service/contract.js';
import type { JsonSchema, ObjectSchema } from '../values/json-schema.js';

/** `GET /openapi.json`: the served modules and the fields of a request to each. */
export function openApiRoute(service: Service): Router {
  const router = Router();
  router.get('/openapi.json', (_request, response) => {
    const { version } = service.health();
    response.json({
      openapi: '3.1.0',
      info: {
        title: 'ocrhub',
        version,
        description: 'OCR services. Each answers the pictures in the order they are sent.',
      },
      // A server without a token takes requests without one.
      security: [{}, { token: [] }],
      paths: Object.fromEntries(service.describe().map((module) => [`/predict/${module.route}`, pathOf(module)])),
      components: { schemas: { Answer: answer }, securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
    });
  });
  return router;
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

function bodyOf({ properties, required }: ObjectSchema): object {
  const images = {
    type: 'array',
    minItems: 1,
    maxItems: maxImages,
    items: { type: 'string', contentEncoding: 'base64' },
    description: 'Picture files: JPEG, PNG, WebP, TIFF, GIF or BMP.',
  };
  const fields: Record<string, object> = Object.fromEntries(
    Object.entries(properties).map(([name, property]) => [name, propertyOf(property)]),
  );
  return {
    type: 'object',
    required: ['images', ...required],
    properties: { images, ...fields },
    additionalProperties: false,
  };
}

/** A field's own JSON Schema, without the keys that only ocrhub reads. */
function propertyOf(property: JsonSchema): object {
  const schema: JsonSchema = Object.fromEntries(Object.entries(property).filter(([key]) => !ownKeys.has(key)));
  const { unit } = property;
  const unitText = typeof unit === 'string' && unit !== '' ? `(${unit})` : '';
  const description = [schema.description ?? '', unitText].filter((text) => text !== '').join(' ');
  const described = description === '' ? schema : { ...schema, description };
  if (!JSON.stringify(schema).includes('"$ref"')) return described;
  // A reference has another meaning inside this document.
  return description === '' ? {} : { description };
}

const ownKeys = new Set(['unit', 'source', 'perRequest', 'errorMessage']);
