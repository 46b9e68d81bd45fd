import type { ErrorCode } from '../../../errors/error.js';
import type { ErrorKind } from '../../../errors/kinds.js';

/** HubServing's answer codes: "000" answered, "101" failed, "111" no such module, "112" not a usable request. */
export type HubStatus = '000' | '101' | '111' | '112';

const statusOfKind: Partial<Record<ErrorKind, HubStatus>> = { not_found: '111', malformed: '112' };

/** HubServing's status for a kind of error. */
export function hubStatusOf(kind: ErrorKind): HubStatus {
  return statusOfKind[kind] ?? '101';
}

/**
 * HubServing answers HTTP 200 to each request that its framework passes on to it, whatever comes of it. These errors
 * are the framework's own, and keep their HTTP status with --http_status_200.
 */
const errorsOfTheFramework: readonly ErrorCode[] = [
  'path_unknown',
  'method_not_allowed',
  'content_type_unknown',
  'request_malformed',
];

/** Whether HubServing answers an error with HTTP 200. */
export function isAnsweredWith200(code: ErrorCode): boolean {
  return !errorsOfTheFramework.includes(code);
}
