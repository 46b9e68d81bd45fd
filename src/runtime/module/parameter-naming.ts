import type { KeyNaming } from '../values/check.js';

/** The words of the error for an unknown parameter. `ocrhub show` knows installed modules only, and no folders. */
export function parameterNaming({
  name,
  folder,
}: {
  readonly name: string;
  readonly folder?: string | undefined;
}): KeyNaming {
  return { noun: 'parameter', ...(folder === undefined ? { command: `ocrhub show ${name}` } : {}) };
}
