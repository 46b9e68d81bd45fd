import type { Request } from 'express';
import type { OcrHubError } from '../../../errors/error.js';
import type { PredictAnswer } from '../../../service/contract.js';
import { formBody, urlEncodedBody } from '../../body/read-body.js';
import { linesModule } from '../lines/module.js';
import { linesOfFile } from '../lines/pages.js';
import type { Asked, Protocol, Reply } from '../../protocol.js';
import { openApi } from './openapi.js';
import { parseRapidOcr, requestForm } from './request.js';

const path = '/ocr';

/** rapidocr_api: a form with `image_file` or `image_data`. */
export function rapidOcr(): Protocol {
  return {
    requestForm,
    endpoints: [
      {
        path,
        bodyTypes: [formBody, urlEncodedBody],
        takes,
        moduleOf: (_request, served) => linesModule(path, served),
        parse: parseRapidOcr,
        toReply,
      },
    ],
    ownsPath: () => false,
    toErrorReply,
    toOpenApi: () => ({ paths: { [path]: openApi }, schemas: {} }),
  };
}

/** A form with files may also be LiteParse's, whose file has another name. */
function takes(request: Request, body?: Uint8Array): boolean {
  const type = request.get('content-type') ?? '';
  if (urlEncodedBody.pattern.test(type)) return true;
  if (!formBody.pattern.test(type) || body === undefined) return false;
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  return ['image_file', 'image_data'].some((name) => bytes.includes(` name="${name}"`));
}

/** An object with a key for each line. */
function toReply(answer: PredictAnswer, { module }: Asked): Reply {
  const lines = linesOfFile(answer, module.route).flatMap((page) => page.lines);
  const entries = lines.map(({ text, confidence, text_region }, i) => [
    String(i),
    { rec_txt: text, dt_boxes: text_region, score: confidence },
  ]);
  const body = JSON.stringify(Object.fromEntries(entries));
  return { http: 200, contentType: 'json', body, status: '200', message: '' };
}

/** FastAPI's form: 422 for a request that can be read but not accepted. */
function toErrorReply({ message, httpStatus }: OcrHubError): Reply {
  const http = httpStatus === 400 ? 422 : httpStatus;
  return { http, contentType: 'json', body: JSON.stringify({ detail: message }), status: String(http), message };
}
