/**
 * The mean in float32 with numpy's order of additions (eight running sums from eight values on), because the answer
 * shows all its digits.
 */
export function float32Mean(values: readonly number[]): number {
  if (values.length === 0) return 0;
  return Math.fround(float32Sum(values) / values.length);
}

function float32Sum(values: readonly number[]): number {
  const lanes = 8;
  if (values.length > 128) {
    const half = Math.floor(values.length / 2);
    const middle = half - (half % lanes);
    return Math.fround(float32Sum(values.slice(0, middle)) + float32Sum(values.slice(middle)));
  }
  const whole = values.length - (values.length % lanes);
  const sums = new Float32Array(lanes);
  for (let i = 0; i < whole; i++) sums[i % lanes] = (sums[i % lanes] ?? 0) + (values[i] ?? 0);
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = sums;
  const add = (x: number, y: number): number => Math.fround(x + y);
  const paired = add(add(add(a, b), add(c, d)), add(add(e, f), add(g, h)));
  return values.slice(whole).reduce(add, paired);
}
