import { Router } from 'express';
import { maxImages } from './hubserving/request.js';
import type { RequestField, Service, ServiceDescription } from '../service/contract.js';

/** `GET /openapi.json`: the served modules and what a request to each may say, for clients that are generated. */
export function openApiRoute(service: Service): Router {
  const router = Router();
  router.get('/openapi.json', (_request, response) => {
    const { version } = service.health();
    response.json({
      openapi: '3.1.0',
      info: {
        title: 'ocrhub',
        version,
        description: 'OCR services; each answers pictures in the order they are sent.',
      },
      // A server that has no token takes requests without one.
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
    msg: { type: 'string', description: 'Empty, or what is wrong.' },
    results: { description: 'What the module answers; an empty text with an error.' },
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

function bodyOf(fields: readonly RequestField[]): object {
  const images = {
    type: 'array',
    minItems: 1,
    maxItems: maxImages,
    items: { type: 'string', contentEncoding: 'base64' },
    description: 'Picture files: JPEG, PNG, WebP, TIFF, GIF or BMP.',
  };
  return {
    type: 'object',
    required: ['images', ...fields.filter(({ required }) => required).map(({ name }) => name)],
    properties: { images, ...Object.fromEntries(fields.map((field) => [field.name, propertyOf(field)])) },
    additionalProperties: false,
  };
}

function propertyOf({ type, range, choices, unit, description }: RequestField): object {
  if (choices !== undefined) return { enum: choices, description };
  const limits = [range, unit].filter((text) => text !== '').join(', ');
  const words = [description, limits === '' ? '' : `(${limits})`].filter((text) => text !== '').join(' ');
  return { ...(type === 'any' ? {} : { type: type.split(' or ') }), description: words };
}
