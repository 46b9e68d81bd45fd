import type { ServiceDescription } from '../../../service/contract.js';
import { documentFieldsSchema } from '../../../service/reading.js';
import type { ObjectSchema } from '../../../values/json-schema.js';
import { toFieldSchemas } from '../../field-schemas.js';
import { maxRemoteFiles } from '../../../remote-files/fetch-remote-files.js';
import type { Body, OpenApiPart, PathItem } from '../../protocol.js';
import { maxImages } from './json-request.js';

/**
 * HubServing's part of /openapi.json: one path for each served module, and the envelope.
 *
 * @param takesUrls whether the server fetches files
 */
export function toOpenApi(modules: readonly ServiceDescription[], takesUrls: boolean): OpenApiPart {
  return {
    paths: Object.fromEntries(modules.map((module) => [`/predict/${module.route}`, pathOf(module, takesUrls)])),
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
      description:
        'Only with documents or page_pictures: for each file of the request its pages; without page_pictures null for a picture.',
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
                picture: {
                  type: 'string',
                  contentEncoding: 'base64',
                  contentMediaType: 'image/jpeg',
                  description: 'The page as it was read, at most 4 megapixels; only with page_pictures.',
                },
                result: { description: "The module's answer for the page." },
              },
            },
          },
        ],
      },
    },
  },
};

function pathOf({ route, version, summary, fields }: ServiceDescription, takesUrls: boolean): PathItem {
  const json = { 'application/json': { schema: { $ref: '#/components/schemas/Answer' } } };
  const inQuery = { ...documentFieldsOf(fields), ...urlsAs('url', fields, takesUrls) };
  return {
    post: {
      operationId: `predict_${route}`,
      summary,
      description: `Version ${version}. The query takes the fields of a request that is a file.`,
      parameters: Object.entries(inQuery).map(([name, schema]) => ({ name, in: 'query', schema })),
      requestBody: { required: !('url' in inQuery), content: bodiesOf(fields, takesUrls) },
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
function bodiesOf(fields: ObjectSchema, takesUrls: boolean): NonNullable<Body['content']> {
  const own = toFieldSchemas(fields);
  const documents = documentFieldsOf(fields);
  const images = {
    type: 'array',
    minItems: 1,
    maxItems: maxImages,
    items: { type: 'string', contentEncoding: 'base64', minLength: 4 },
    description: 'Files: JPEG, PNG, WebP, TIFF, GIF, BMP or PDF.',
  };
  const file = { type: 'array', items: { type: 'string', contentMediaType: 'application/octet-stream' } };
  const bytes = { schema: { type: 'string', contentMediaType: 'application/octet-stream' } };
  const formOf = (files: object, urls: object): { readonly schema: object } => {
    const waysToSend = Object.keys({ ...files, ...urls });
    return {
      schema: {
        type: 'object',
        required: [...(waysToSend.length === 1 ? waysToSend : []), ...fields.required],
        ...(waysToSend.length === 1 ? {} : { anyOf: waysToSend.map((name) => ({ required: [name] })) }),
        properties: { ...files, ...urls, ...own, ...documents },
        additionalProperties: false,
      },
    };
  };
  return {
    'application/json': formOf({ images }, urlsAs('urls', fields, takesUrls)),
    'multipart/form-data': formOf({ file }, urlsAs('url', fields, takesUrls)),
    'image/*': bytes,
    'application/pdf': bytes,
  };
}

/** The fields for documents, without those whose name the module uses itself. */
function documentFieldsOf({ properties }: ObjectSchema): Readonly<Record<string, object>> {
  return Object.fromEntries(
    Object.entries(documentFieldsSchema.properties).filter(([name]) => !Object.hasOwn(properties, name)),
  );
}

/** The field for addresses; none if the server fetches no files, or if the module uses the name itself. */
function urlsAs(
  name: 'url' | 'urls',
  { properties }: ObjectSchema,
  takesUrls: boolean,
): Readonly<Record<string, object>> {
  if (!takesUrls || Object.hasOwn(properties, name)) return {};
  const description = 'Addresses of further files, which the server fetches from the hosts of its option allow_urls.';
  return { [name]: { type: 'array', maxItems: maxRemoteFiles, items: { type: 'string', format: 'uri' }, description } };
}
