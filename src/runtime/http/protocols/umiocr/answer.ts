import { paragraphsOf } from '../../../document/formats/paragraphs.js';
import type { PageLine } from '../../../document/page.js';
import type { ReadPage } from '../../../document/read-document.js';
import type { OcrHubError } from '../../../errors/error.js';
import type { ErrorKind } from '../../../errors/kinds.js';
import type { PredictAnswer } from '../../../service/contract.js';
import { boundsOf } from '../lines/bounds.js';
import { linesOfFile } from '../lines/pages.js';
import type { Asked, Reply } from '../../protocol.js';
import type { Options } from './options.js';
import type { UmiRequest } from './request.js';

/** 100: text was found, 101: none was. */
export function toReply(answer: PredictAnswer, { module, parsed }: Asked): Reply {
  const { options } = parsed as UmiRequest;
  const ignored = options['tbpu.ignoreArea'] ?? [];
  const pages = linesOfFile(answer, module.route).map((page) => ({
    ...page,
    lines: page.lines.filter((line) => !ignored.some((area) => isInside(line, area))),
  }));
  const seconds = (answer.queueMs + Object.values(answer.stages).reduce((sum, ms) => sum + ms, 0)) / 1000;
  const isEmpty = pages.every(({ lines }) => lines.length === 0);
  const data = isEmpty ? '' : dataOf(pages, options);
  return reply(200, isEmpty ? 101 : 100, data, { time: seconds, timestamp: Date.now() / 1000 });
}

/** 8xx: the request, 9xx: the work. Umi-OCR answers HTTP 200 to each request that it can read. */
export function toErrorReply({ kind, message, httpStatus }: OcrHubError): Reply {
  const http = kindsOfWork.includes(kind) ? 200 : httpStatus;
  return reply(http, kindsOfRequest.includes(kind) ? 800 : 900, message);
}

const kindsOfRequest: readonly ErrorKind[] = [
  'malformed',
  'invalid',
  'unauthorized',
  'forbidden',
  'not_found',
  'too_large',
];
const kindsOfWork: readonly ErrorKind[] = ['invalid', 'unreadable', 'module_failed', 'timeout', 'internal'];

function reply(http: number, code: number, data: unknown, times: object = {}): Reply {
  const message = http === 200 && code <= 101 ? '' : String(data);
  return { http, contentType: 'json', body: JSON.stringify({ code, data, ...times }), status: String(code), message };
}

type Area = NonNullable<Options['tbpu.ignoreArea']>[number];

function isInside({ text_region }: PageLine, [[x0, y0], [x1, y1]]: Area): boolean {
  const [left, top, right, bottom] = boundsOf(text_region);
  return left >= Math.min(x0, x1) && right <= Math.max(x0, x1) && top >= Math.min(y0, y1) && bottom <= Math.max(y0, y1);
}

function dataOf(pages: readonly ReadPage[], options: Options): unknown {
  const parser = options['tbpu.parser'] ?? 'multi_para';
  const end = parser === 'multi_none' ? ' ' : '\n';
  const lines = pages.flatMap((page) => page.lines);
  if (options['data.format'] !== 'text') {
    return lines.map(({ text, confidence, text_region }) => ({ text, score: confidence, box: text_region, end }));
  }
  const texts = parser === 'multi_para' ? pages.flatMap((page) => paragraphsOf(page)) : lines.map(({ text }) => text);
  return texts.join(end);
}
