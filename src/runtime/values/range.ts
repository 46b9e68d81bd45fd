/** The limits of a number in a JSON Schema. */
export interface Limits {
  readonly minimum?: number | undefined;
  readonly maximum?: number | undefined;
  readonly exclusiveMinimum?: number | boolean | undefined;
  readonly exclusiveMaximum?: number | boolean | undefined;
}

/** Describes the range of a number, such as `from 0 to 1`. Empty if the schema has no limits. */
export function rangeOf(limits: Limits): string {
  const { exclusiveMinimum: above, exclusiveMaximum: below } = limits;
  // zod sets the safe-integer limits for an integer without limits.
  const min = limits.minimum === Number.MIN_SAFE_INTEGER ? undefined : limits.minimum;
  const max = limits.maximum === Number.MAX_SAFE_INTEGER ? undefined : limits.maximum;
  if (typeof above !== 'number' && typeof below !== 'number' && min !== undefined && max !== undefined) {
    return `from ${min} to ${max}`;
  }
  const low = typeof above === 'number' ? [`above ${above}`] : min === undefined ? [] : [`from ${min}`];
  const high = typeof below === 'number' ? [`below ${below}`] : max === undefined ? [] : [`at most ${max}`];
  return [...low, ...high].join(', ');
}
