import { z } from '../../../values/check.js';
import type { Operation, Paths } from '../../protocol.js';
import { analyzeQuery } from './query.js';
import { bodySchema, families, models } from './request.js';

/** @param takesUrls whether the server fetches files */
export function openApiOf(takesUrls: boolean): Paths {
  const paths = families.flatMap((family) =>
    models.map((model): [string, Paths[string]][] => {
      const base = `/${family}/documentModels/${model}`;
      const names = `${family}_${model.replace('-', '_')}`;
      return [
        [`${base}:analyze`, { post: analyze(`azure_${names}`, takesUrls) }],
        [
          `${base}/analyzeResults/{id}`,
          {
            get: result(`azure_${names}_get`, 'The state of the job, and what was read.', jsonAnswer(operation)),
            delete: result(`azure_${names}_delete`, 'Removes the job.', { '204': { description: 'It is removed.' } }),
          },
        ],
        [
          `${base}/analyzeResults/{id}/pdf`,
          { get: result(`azure_${names}_pdf`, 'The searchable PDF file of a job with output=pdf.', pdfAnswer) },
        ],
      ];
    }),
  );
  return Object.fromEntries(paths.flat());
}

function analyze(operationId: string, takesUrls: boolean): Operation {
  const { properties: query = {} } = z.toJSONSchema(analyzeQuery, { io: 'input', unrepresentable: 'any' });
  const { properties = {} } = z.toJSONSchema(bodySchema, { io: 'input' });
  const { urlSource, ...others } = properties;
  const json = {
    type: 'object',
    properties: takesUrls ? { ...others, urlSource } : others,
    additionalProperties: false,
  };
  return {
    operationId,
    summary: 'Reads a document as Azure Document Intelligence does: a job',
    parameters: Object.entries(query)
      .filter(([name]) => name !== '_overload')
      .map(([name, schema]) => ({ name, in: 'query', required: name === 'api-version', schema, explode: false })),
    requestBody: {
      required: true,
      content: {
        'application/json': { schema: json },
        'application/octet-stream': { schema: { type: 'string', contentMediaType: 'application/octet-stream' } },
      },
    },
    responses: { '202': { description: 'The header Operation-Location has the address of the job.' }, default: failed },
  };
}

function result(operationId: string, summary: string, responses: Operation['responses']): Operation {
  const parameters = [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }];
  return { operationId, summary, parameters, responses: { ...responses, default: failed } };
}

function jsonAnswer(schema: object): Operation['responses'] {
  return { '200': { description: 'The job.', content: { 'application/json': { schema } } } };
}

const pdfAnswer = {
  '200': { description: 'The file.', content: { 'application/pdf': { schema: { type: 'string' } } } },
};

const error = {
  type: 'object',
  required: ['code', 'message'],
  properties: { code: { type: 'string' }, message: { type: 'string' }, innererror: { type: 'object' } },
};

const failed = {
  description: 'An error.',
  content: { 'application/json': { schema: { type: 'object', required: ['error'], properties: { error } } } },
};

const operation = {
  type: 'object',
  required: ['status', 'createdDateTime', 'lastUpdatedDateTime'],
  properties: {
    status: { type: 'string', enum: ['running', 'succeeded', 'failed'] },
    createdDateTime: { type: 'string' },
    lastUpdatedDateTime: { type: 'string' },
    analyzeResult: {
      type: 'object',
      required: ['apiVersion', 'modelId', 'stringIndexType', 'content', 'pages'],
      properties: { content: { type: 'string' }, pages: { type: 'array', items: { type: 'object' } } },
    },
    error,
  },
};
