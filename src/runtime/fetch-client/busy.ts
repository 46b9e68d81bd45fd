/** The codes of ocrhub's own servers with which the same request may succeed later. */
const passing: readonly string[] = ['queue_full', 'arrivals_full', 'not_ready'];

/**
 * Whether a server refused a request because it is busy or not ready. With `--http_status_200` it answers HTTP 200; the code
 * tells.
 *
 * @param code of the header X-Ocrhub-Error; undefined from other servers, and where a browser hides the header
 */
export function isBusy(status: number, code: string | undefined): boolean {
  return code === undefined ? status === 429 || status === 503 : passing.includes(code);
}
