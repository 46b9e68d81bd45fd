import type { OcrHubError } from '../runtime/errors/error.js';

/** What `--json` says of an error. */
export interface ErrorJson {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

/** A picture of which there is an error instead of an answer. */
export interface Failure {
  readonly file: string;
  readonly error: ErrorJson;
}

export function failure(file: string, error: OcrHubError): Failure {
  return { file, error: errorJson(error) };
}

export function errorJson({ code, message, hint }: OcrHubError): ErrorJson {
  return { code, message, hint };
}

/** Says how many pictures failed, if any did; the exit code is 5 then. */
export function noteFailures(results: readonly object[], note: (text: string) => void): void {
  const failed = results.filter((result) => 'error' in result).length;
  if (failed === 0) return;
  note(`${failed} of ${results.length} pictures failed`);
  process.exitCode = 5;
}
