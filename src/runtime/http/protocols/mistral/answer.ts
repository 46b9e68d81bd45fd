import { paragraphsWithLines } from '../../../document/formats/paragraphs.js';
import type { ReadPage } from '../../../document/read-document.js';
import type { OcrHubError } from '../../../errors/error.js';
import type { ErrorKind } from '../../../errors/kinds.js';
import type { PredictAnswer } from '../../../service/contract.js';
import type { Asked, Reply } from '../../protocol.js';
import { boundsOf } from '../lines/bounds.js';
import { markdownOf } from '../lines/markdown.js';
import { linesOfFile } from '../lines/pages.js';
import type { MistralRequest } from './request.js';

export function toReply(answer: PredictAnswer, { module, parsed, files: [file] }: Asked): Reply {
  const { model, blocks, scores } = parsed as MistralRequest;
  const pages = linesOfFile(answer, module.route);
  return json({
    pages: pages.map((page) => toPage(page, { blocks, scores })),
    model,
    document_annotation: null,
    usage_info: { pages_processed: pages.length, doc_size_bytes: file?.bytes.length ?? 0 },
  });
}

export function json(value: object): Reply {
  return { http: 200, contentType: 'json', body: JSON.stringify(value), status: '200', message: '' };
}

/** @see https://docs.mistral.ai: `{"object": "error", "message", "type", "param", "code"}` */
export function toErrorReply({ kind, code, message, httpStatus }: OcrHubError): Reply {
  // Its clients expect a list of problems with 422.
  const http = httpStatus === 422 ? 400 : httpStatus;
  const body = JSON.stringify({
    object: 'error',
    message,
    type: types[kind] ?? 'internal_server_error',
    param: null,
    code,
  });
  return { http, contentType: 'json', body, status: String(http), message };
}

const types: Readonly<Partial<Record<ErrorKind, string>>> = {
  malformed: 'invalid_request_error',
  invalid: 'invalid_request_error',
  too_large: 'invalid_request_error',
  unreadable: 'invalid_file',
  unauthorized: 'invalid_authentication',
  not_found: 'not_found',
  overloaded: 'rate_limited',
  unavailable: 'service_unavailable',
  timeout: 'timeout',
};

/** Of a picture that does not say its resolution, and of a page whose text was taken from the file. */
const usualDpi = 200;

function toPage(page: ReadPage, { blocks, scores }: Pick<MistralRequest, 'blocks' | 'scores'>): object {
  const { number, width, height, dpi = usualDpi } = page;
  return {
    index: number - 1,
    markdown: markdownOf(page),
    images: [],
    tables: [],
    hyperlinks: [],
    header: null,
    footer: null,
    dimensions: { dpi: Math.round(dpi), height, width },
    ...(blocks ? { blocks: paragraphsWithLines(page).map(toBlock) } : {}),
    ...(scores ? { confidence_scores: scoresOf(page) } : {}),
  };
}

function toBlock({ text, lines }: ReturnType<typeof paragraphsWithLines>[number]): object {
  const [left, top, right, bottom] = boundsOf(lines.flatMap(({ text_region }) => text_region)).map(Math.round);
  return {
    type: 'text',
    top_left_x: left,
    top_left_y: top,
    bottom_right_x: right,
    bottom_right_y: bottom,
    content: text,
  };
}

/** Null for a page without lines. */
function scoresOf({ lines }: ReadPage): object | null {
  if (lines.length === 0) return null;
  const scores = lines.map(({ confidence }) => confidence);
  return {
    average_page_confidence_score: scores.reduce((sum, score) => sum + score, 0) / scores.length,
    minimum_page_confidence_score: Math.min(...scores),
  };
}
