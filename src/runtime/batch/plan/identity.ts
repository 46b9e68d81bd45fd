import { createHash } from 'node:crypto';

/** What the answers of a run depend on, beside its files. All values are texts, numbers, booleans and lists of them. */
export interface Identity {
  readonly input: string;
  readonly module: string;
  readonly version: string;
  /** Content hash of the module's code. */
  readonly hash: string;
  /** Parameters of the module that were set. */
  readonly set: Readonly<Record<string, unknown>>;
  /** Fields of the requests. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** How documents are read, without passwords. */
  readonly reading: Readonly<Record<string, unknown>>;
  readonly maxPixels: number;
  readonly ocrhub: string;
}

export function hashOf(identity: Identity): string {
  return createHash('sha256').update(canonical(identity)).digest('hex');
}

/** The first thing in which two identities differ, with both values as JSON; undefined if they agree. */
export function differenceOf(was: Identity, is: Identity): { key: string; was: string; is: string } | undefined {
  const keys = [...new Set([...Object.keys(was), ...Object.keys(is)])] as (keyof Identity)[];
  const key = keys.find((name) => canonical(was[name]) !== canonical(is[name]));
  return key && { key, was: canonical(was[key]), is: canonical(is[key]) };
}

/** JSON with sorted keys: the order in which options were given does not matter. */
function canonical(value: unknown): string {
  const sort = (_: string, part: unknown): unknown =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part;
  return value === undefined ? 'nothing' : JSON.stringify(value, sort);
}
