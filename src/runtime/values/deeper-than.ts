/** Code that checks values or passes them on calls itself; values of a request deeper than this are refused before. */
export const maxDepth = 100;

/** Whether a value that was parsed from JSON is nested more than `depth` deep. */
export function isDeeperThan(depth: number, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return depth === 0 || Object.values(value).some((each) => isDeeperThan(depth - 1, each));
}
