import type { OcrHubError } from '../../../errors/error.js';
import { describeUnreadable } from '../../../errors/wording.js';
import type { AnsweredFile, AnsweredPage, PredictAnswer, Results } from '../../../service/contract.js';
import type { Reply } from '../../protocol.js';
import { hubStatusOf, isAnsweredWith200, type HubStatus } from './status.js';

export function toReply({ results, files, unreadable, output }: PredictAnswer): Reply {
  const message = describeUnreadable(unreadable);
  if (output === undefined) return envelope(200, message, resultsText(results), '000', pagesText(files));
  const { contentType, bytes } = output;
  return { http: 200, contentType, body: bytes, status: '000', message };
}

/** @param httpStatus200 answer HTTP 200 where HubServing does */
export function toErrorReply({ code, kind, message, httpStatus }: OcrHubError, httpStatus200: boolean): Reply {
  const http = httpStatus200 && isAnsweredWith200(code) ? 200 : httpStatus;
  return envelope(http, message, '""', hubStatusOf(kind));
}

/** The entries as one JSON list, or as a list within a list. */
function resultsText(results: Results): string {
  if (results.kind === 'whole') return results.json;
  const list = `[${results.entries.join(',')}]`;
  return results.nested ? `[${list}]` : list;
}

/**
 * The pages of documents as JSON text: a list for each document, and null for each picture. Empty if there is no document,
 * so that answers for pictures are HubServing's. With pictures of the pages, every file is listed as a document is.
 */
function pagesText(files: PredictAnswer['files']): string {
  if (!files.some(isListed)) return '';
  return `[${files.map((file) => (isListed(file) ? `[${file.pages.map(pageText).join(',')}]` : 'null')).join(',')}]`;
}

function isListed(file: AnsweredFile | null): file is AnsweredFile {
  return file !== null && (file.kind === 'document' || file.pages.some(({ picture }) => picture !== undefined));
}

function pageText({ number, width, height, dpi, picture, entry }: AnsweredPage): string {
  const base64 = picture && Buffer.from(picture).toString('base64');
  const about = JSON.stringify({ page: number, width, height, dpi, picture: base64 });
  return entry === undefined ? about : `${about.slice(0, -1)},"result":${entry}}`;
}

/** HubServing's envelope: its three keys in its order, compact, with a line end. `results` and `pages` are JSON text. */
function envelope(http: number, message: string, results: string, status: HubStatus, pages = ''): Reply {
  const more = pages === '' ? '' : `,"pages":${pages}`;
  const body = `{"msg":${JSON.stringify(message)},"results":${results},"status":"${status}"${more}}\n`;
  return { http, contentType: 'json', body, status, message };
}
