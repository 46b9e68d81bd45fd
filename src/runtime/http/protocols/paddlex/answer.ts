import { isPdf } from '../../../document/file-format.js';
import { readArchive } from '../../../document/formats/archive.js';
import type { OcrHubError } from '../../../errors/error.js';
import type { PredictAnswer } from '../../../service/contract.js';
import { linesOfFile } from '../lines/pages.js';
import type { Asked, Reply } from '../../protocol.js';
import { settingsOf, toDataInfo, toLayoutResult, toOcrResult } from '../pipelines/results.js';
import type { OcrRequest } from './request.js';

export function toReply(answer: PredictAnswer, asked: Asked): Reply {
  const settings = settingsOf(asked.parsed.fields, asked.module);
  const previews = previewsOf(answer);
  const ocrResults = linesOfFile(answer, asked.module.route).map((page, i) => ({
    prunedResult: toOcrResult(page, settings),
    ...(previews[i] === undefined ? {} : { ocrImage: previews[i] }),
  }));
  return success(answer, asked, { ocrResults });
}

export function toLayoutReply(answer: PredictAnswer, asked: Asked): Reply {
  const settings = settingsOf(asked.parsed.fields, asked.module);
  const previews = previewsOf(answer);
  const layoutParsingResults = linesOfFile(answer, asked.module.route).map((page, i) => ({
    ...toLayoutResult(page, settings),
    ...(previews[i] === undefined ? {} : { outputImages: { overall_ocr_res: previews[i] } }),
  }));
  return success(answer, asked, { layoutParsingResults });
}

/** Pictures of the pages in base64. */
function previewsOf({ output }: PredictAnswer): string[] {
  return output === undefined ? [] : readArchive(output.bytes).map((file) => Buffer.from(file).toString('base64'));
}

function success(answer: PredictAnswer, { parsed, requestId, files: [sent] }: Asked, results: object): Reply {
  const { logId = requestId } = parsed as OcrRequest;
  const dataInfo = toDataInfo(answer.files[0], sent !== undefined && isPdf(sent.bytes));
  return reply(200, { logId, errorCode: 0, errorMsg: 'Success', result: { ...results, dataInfo } });
}

/** PaddleX answers 422 to each request that it can read but not accept; the HTTP status is the errorCode. */
export function toErrorReply({ message, httpStatus }: OcrHubError, requestId: string): Reply {
  const errorCode = httpStatus === 400 ? 422 : httpStatus;
  return reply(errorCode, { logId: requestId, errorCode, errorMsg: message });
}

interface Body {
  readonly logId: string;
  readonly errorCode: number;
  readonly errorMsg: string;
  readonly result?: object;
}

function reply(http: number, body: Body): Reply {
  const { errorCode, errorMsg } = body;
  const message = errorCode === 0 ? '' : errorMsg;
  return { http, contentType: 'json', body: JSON.stringify(body), status: String(errorCode), message };
}
