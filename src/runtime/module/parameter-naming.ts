import type { KeyNaming } from '../values/check.js';

/** The words of the error for an unknown parameter. `ocrhub show` has installed modules only, no served folders. */
export function parameterNaming({
  name,
  folder,
}: {
  readonly name: string;
  readonly folder?: string | undefined;
}): KeyNaming {
  return { noun: 'parameter', ...(folder === undefined ? { see: `ocrhub show ${name}` } : {}) };
}

/** The words of the error for an unknown field of a request. An HTTP client cannot run `ocrhub show`. */
export const fieldNaming: KeyNaming = { noun: 'field', see: '/openapi.json' };
