import { inspect } from 'node:util';
import { OcrHubError } from '../errors/error.js';
import { isOwnFrame } from './stack-frame.js';

/** Converts a value that a module threw while it answered. Returns an OcrHubError unchanged. */
export function toAnswerError(error: unknown, module: string): OcrHubError {
  if (OcrHubError.is(error)) return error;
  const problem = error instanceof Error ? error.message : inspect(error);
  const stack = (error instanceof Error ? error.stack : undefined) ?? problem;
  return new OcrHubError('module_threw', { module, problem, stack, frames: authorsFrames(stack) });
}

/** Converts an error of starting a module into `module_values_refused` (the user's value) or `module_start_failed`. */
export function toStartError(error: unknown, module: string): OcrHubError {
  if (OcrHubError.is(error) && error.code === 'installation_broken') return error;
  const { code, message, hint } = toAnswerError(error, module);
  const isUsersValue = code === 'value_invalid' || code === 'key_unknown';
  const details = { module, problem: message, hint, cause: { code } };
  return new OcrHubError(isUsersValue ? 'module_values_refused' : 'module_start_failed', details, { cause: error });
}

/** The frames of a stack that are in the module's own files. */
function authorsFrames(stack: string): string {
  const frames = stack.split('\n').filter((line) => /^\s*at /.test(line) && !isOwnFrame(line));
  return frames.map((line) => line.trim()).join('\n');
}
