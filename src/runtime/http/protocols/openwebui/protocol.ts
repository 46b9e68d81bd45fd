import type { OcrHubError } from '../../../errors/error.js';
import type { PredictAnswer } from '../../../service/contract.js';
import type { BodyType } from '../../body/read-body.js';
import type { Asked, PathItem, Protocol, Reply } from '../../protocol.js';
import { headerName } from '../lines/file.js';
import { markdownOf } from '../lines/markdown.js';
import { linesModule } from '../lines/module.js';
import { linesOfFile } from '../lines/pages.js';

const path = '/process';

/** The file itself. Its type is what the client guessed from the name. */
const anyFile: BodyType = { name: 'the file itself', pattern: /^/ };

/** Open WebUI's interface for external document loaders: `PUT /process` with a file. */
export function openWebUi(): Protocol {
  return {
    requestForm: 'the bytes of a file',
    endpoints: [
      {
        method: 'put',
        path,
        bodyTypes: [anyFile],
        moduleOf: (_request, served) => linesModule(path, served),
        parse: (body, request) => ({ files: [{ name: headerName(request, 'x-filename'), bytes: body }], fields: {} }),
        toReply,
      },
    ],
    ownsPath: (requested) => requested === path,
    toErrorReply,
    toOpenApi: () => ({ paths: { [path]: openApi }, schemas: {} }),
  };
}

/** A document for each page. */
function toReply(answer: PredictAnswer, { module, files: [file] }: Asked): Reply {
  const documents = linesOfFile(answer, module.route).map((page) => ({
    page_content: markdownOf(page),
    metadata: { page: page.number, ...(file === undefined || file.name === '' ? {} : { source: file.name }) },
  }));
  return { http: 200, contentType: 'json', body: JSON.stringify(documents), status: '200', message: '' };
}

function toErrorReply({ message, httpStatus }: OcrHubError): Reply {
  const body = JSON.stringify({ detail: message });
  return { http: httpStatus, contentType: 'json', body, status: String(httpStatus), message };
}

const openApi: PathItem = {
  put: {
    operationId: 'openwebui_process',
    summary: "Open WebUI's external document loader",
    parameters: [{ name: 'X-Filename', in: 'header', required: false, schema: { type: 'string' } }],
    requestBody: {
      required: true,
      content: {
        'application/octet-stream': { schema: { type: 'string', contentMediaType: 'application/octet-stream' } },
      },
    },
    responses: {
      '200': {
        description: 'A document for each page, as Markdown.',
        content: {
          'application/json': {
            schema: {
              type: 'array',
              items: {
                type: 'object',
                required: ['page_content', 'metadata'],
                properties: { page_content: { type: 'string' }, metadata: { type: 'object' } },
              },
            },
          },
        },
      },
      default: {
        description: 'An error.',
        content: {
          'application/json': {
            schema: { type: 'object', required: ['detail'], properties: { detail: { type: 'string' } } },
          },
        },
      },
    },
  },
};
