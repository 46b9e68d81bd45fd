import { inspect } from 'node:util';
import { OcrHubError } from '../../errors.js';

/** What a module threw while it answered: an error of ocrhub as it is, anything else with the author's own lines. */
export function toAnswerError(error: unknown, module: string): OcrHubError {
  if (OcrHubError.is(error)) return error;
  const problem = error instanceof Error ? error.message : inspect(error);
  const stack = (error instanceof Error ? error.stack : undefined) ?? problem;
  return new OcrHubError('module_threw', { module, problem, stack });
}

/** What kept a module from starting. */
export function toStartError(error: unknown, module: string): OcrHubError {
  const { message, hint } = toAnswerError(error, module);
  return new OcrHubError('module_start_failed', { module, problem: message, hint });
}
