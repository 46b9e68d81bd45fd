import type { Request } from 'express';
import type { OcrHubError } from '../../../errors/error.js';
import type { PredictAnswer } from '../../../service/contract.js';
import type { ObjectSchema } from '../../../values/json-schema.js';
import { formBody } from '../../body/read-body.js';
import type { Asked, ParsedRequest, PathItem, Protocol, Reply } from '../../protocol.js';
import { fileOf } from '../lines/file.js';
import { formFields } from '../lines/form-fields.js';
import { readFormRequest } from '../lines/form-request.js';
import { markdownOf } from '../lines/markdown.js';
import { linesModule } from '../lines/module.js';
import { linesOfFile } from '../lines/pages.js';

const path = '/fastgpt/parse';
const requestForm = 'a form with the file "file"';

/** FastGPT's custom parser of PDF files. FastGPT takes any address; this one is ours. */
export function fastGpt(): Protocol {
  return {
    requestForm,
    endpoints: [
      {
        path,
        bodyTypes: [formBody],
        moduleOf: (_request, served) => linesModule(path, served),
        parse,
        toReply,
      },
    ],
    ownsPath: (requested) => requested.startsWith('/fastgpt/'),
    toErrorReply,
    toOpenApi: () => ({ paths: { [path]: openApi }, schemas: {} }),
  };
}

/** Other parts are fields of the module and of documents. */
async function parse(body: Uint8Array, request: Request, own: ObjectSchema): Promise<ParsedRequest> {
  const form = await readFormRequest(body, request, requestForm);
  const texts = formFields(form, own, { subject: `Request to ${path}`, expected: requestForm });
  return { files: [fileOf(form, 'file', requestForm)], fields: {}, texts };
}

function toReply(answer: PredictAnswer, { module }: Asked): Reply {
  const pages = linesOfFile(answer, module.route);
  const markdown = pages.map(markdownOf).join('\n\n');
  const body = JSON.stringify({ pages: pages.length, markdown });
  return { http: 200, contentType: 'json', body, status: '200', message: '' };
}

function toErrorReply({ message, httpStatus }: OcrHubError): Reply {
  const body = JSON.stringify({ error: message });
  return { http: httpStatus, contentType: 'json', body, status: String(httpStatus), message };
}

const file = { type: 'string', contentMediaType: 'application/octet-stream' };

const openApi: PathItem = {
  post: {
    operationId: 'fastgpt_parse',
    summary: "FastGPT's custom parser of PDF files",
    requestBody: {
      required: true,
      content: { 'multipart/form-data': { schema: { type: 'object', required: ['file'], properties: { file } } } },
    },
    responses: {
      '200': {
        description: 'The pages as Markdown.',
        content: {
          'application/json': {
            schema: {
              type: 'object',
              required: ['pages', 'markdown'],
              properties: { pages: { type: 'integer' }, markdown: { type: 'string' } },
            },
          },
        },
      },
      default: {
        description: 'An error.',
        content: {
          'application/json': {
            schema: { type: 'object', required: ['error'], properties: { error: { type: 'string' } } },
          },
        },
      },
    },
  },
};
