import type { Refusal, RequestRecord } from '../service/contract.js';
import { withOldStageNames } from '../trace/stage-times.js';
import type { ServerLog } from './log.js';

/** Writes one log line for a request; an error of the server gets its stack. */
export function logRequest(log: ServerLog, record: RequestRecord): void {
  const line = toLogLine(record);
  if (record.httpStatus >= 500) log.error({ ...line, stack: record.stack }, 'request');
  else log.info(line, 'request');
}

/** Writes one log line for a request that no endpoint took. */
export function logRefusal(log: ServerLog, { id, from, httpStatus, message, stack }: Refusal): void {
  const line = { id, from, httpStatus, message: cut(message) };
  if (httpStatus >= 500) log.error({ ...line, stack }, 'request');
  else log.info(line, 'request');
}

/** Characters of a text that a client may have sent. Whoever reaches the port could fill the log with long ones. */
const maxText = 500;

/** Times are rounded to tenths of a millisecond. */
function toLogLine({
  id,
  from,
  token,
  route,
  images,
  httpStatus,
  status,
  message,
  ms,
  queueMs,
  stages,
}: RequestRecord): object {
  const rounded = Object.entries(withOldStageNames(stages)).map(([stage, time]) => [stage, round(time)] as const);
  return {
    id,
    from,
    token,
    module: cut(route),
    images,
    httpStatus,
    status,
    message: cut(message),
    ms: round(ms),
    queueMs: round(queueMs),
    stages: Object.fromEntries(rounded),
  };
}

function cut(text: string): string {
  return text.length <= maxText ? text : `${text.slice(0, maxText)}… (${text.length} characters)`;
}

function round(ms: number): number {
  return Math.round(ms * 10) / 10;
}
