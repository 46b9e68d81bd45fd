import type { ServiceDescription } from '../../service/contract.js';
import { documentFields } from '../../service/reading.js';
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
    results: {
      description: "The module's answer, of a document that for its first page; an empty text with an error.",
    },
    status: { type: 'string', enum: ['000', '101', '111', '112'], description: '"000": answered.' },
    pages: {
      type: 'array',
      description: 'Only with documents: for each file of the request its pages; null for a picture.',
      items: {
        oneOf: [
          { type: 'null' },
          {
            type: 'array',
            items: {
              type: 'object',
              required: ['page', 'width', 'height'],
              properties: {
                page: { type: 'integer', minimum: 1 },
                width: { type: 'integer', minimum: 1, description: 'Pixels.' },
                height: { type: 'integer', minimum: 1, description: 'Pixels.' },
                dpi: { type: 'number', description: 'Pixels an inch.' },
                result: { description: "The module's answer for the page." },
              },
            },
          },
        ],
      },
    },
  },
};

function pathOf({ route, version, summary, fields }: ServiceDescription): object {
  const json = { 'application/json': { schema: { $ref: '#/components/schemas/Answer' } } };
  return {
    post: {
      operationId: `predict_${route}`,
      summary,
      description: `Version ${version}. The query takes the fields of a request that is a file.`,
      parameters: Object.entries(documentFieldsOf(fields)).map(([name, schema]) => ({ name, in: 'query', schema })),
      requestBody: { required: true, content: bodiesOf(fields) },
      responses: {
        '200': {
          description: 'The answer, or the file of the format that was asked for.',
          content: { ...json, '*/*': {} },
        },
        default: { description: 'An error.', content: json },
      },
    },
  };
}

/** The three forms of a request. */
function bodiesOf(fields: ObjectSchema): object {
  const own = toFieldSchemas(fields);
  const documents = documentFieldsOf(fields);
  const images = {
    type: 'array',
    minItems: 1,
    maxItems: maxImages,
    items: { type: 'string', contentEncoding: 'base64' },
    description: 'Files: JPEG, PNG, WebP, TIFF, GIF, BMP or PDF.',
  };
  const file = { type: 'array', items: { type: 'string', contentMediaType: 'application/octet-stream' } };
  const bytes = { schema: { type: 'string', contentMediaType: 'application/octet-stream' } };
  const formOf = (files: object): object => ({
    schema: {
      type: 'object',
      required: [...Object.keys(files), ...fields.required],
      properties: { ...files, ...own, ...documents },
      additionalProperties: false,
    },
  });
  return {
    'application/json': formOf({ images }),
    'multipart/form-data': formOf({ file }),
    'image/*': bytes,
    'application/pdf': bytes,
  };
}

/** The fields for documents, without those whose name the module uses itself. */
function documentFieldsOf({ properties }: ObjectSchema): Readonly<Record<string, object>> {
  return Object.fromEntries(
    Object.entries(documentFields.properties).filter(([name]) => !Object.hasOwn(properties, name)),
  );
}
