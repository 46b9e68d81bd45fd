import type { OcrHubError } from '../../errors/error.js';
import { describeUnreadable } from '../../errors/wording.js';
import type { PredictAnswer, Results } from '../../service/contract.js';
import type { Reply } from '../protocol.js';
import { hubStatusOf, isAnsweredWith200, type HubStatus } from './status.js';

export function toReply({ results, unreadable }: PredictAnswer): Reply {
  return envelope(200, describeUnreadable(unreadable), resultsText(results), '000');
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

/** HubServing's envelope: its three keys in its order, compact, with a line end. `results` is JSON text. */
function envelope(http: number, message: string, results: string, status: HubStatus): Reply {
  const body = `{"msg":${JSON.stringify(message)},"results":${results},"status":"${status}"}\n`;
  return { http, contentType: 'json', body, status, message };
}
