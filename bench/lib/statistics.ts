export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** NaN for an empty list. */
export function mean(values: readonly number[]): number {
  return sum(values) / values.length;
}

/** The upper of the two middle values of an even number; NaN for an empty list. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

/** The smallest value that `share` of the values do not exceed (nearest rank); NaN for an empty list. */
export function percentile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.ceil(share * values.length) - 1] ?? NaN;
}

export function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
