import type { Files } from '../../../jobs/files.js';
import { jsonBody } from '../../body/read-body.js';
import type { Protocol } from '../../protocol.js';
import { linesModule } from '../lines/module.js';
import { toErrorReply, toReply } from './answer.js';
import { fileResources } from './files.js';
import { openApi } from './openapi.js';
import { parseOcr, requestForm } from './request.js';

const path = '/v1/ocr';

/** Mistral's API for OCR, and its files. */
export function mistral({ files }: { readonly files: Files }): Protocol {
  return {
    requestForm,
    endpoints: [
      {
        path,
        bodyTypes: [jsonBody],
        moduleOf: (_request, served) => linesModule(path, served),
        parse: (body) => parseOcr(body, files),
        toReply,
      },
    ],
    resources: fileResources(files),
    ownsPath: (requested) => requested === path || requested === '/v1/files' || requested.startsWith('/v1/files/'),
    toErrorReply,
    toOpenApi: () => ({ paths: openApi(), schemas: {} }),
  };
}
