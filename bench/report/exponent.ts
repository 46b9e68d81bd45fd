import { mean } from '../lib/statistics.js';

/**
 * The exponent of growth: the slope of the least-squares line through the points' logarithms. 1 is linear, 2 quadratic.
 *
 * @param points Two or more with positive coordinates.
 */
export function exponent(points: readonly { readonly x: number; readonly y: number }[]): number {
  const logs = points.map(({ x, y }) => ({ x: Math.log(x), y: Math.log(y) }));
  const [meanX, meanY] = [mean(logs.map(({ x }) => x)), mean(logs.map(({ y }) => y))];
  const covariance = mean(logs.map(({ x, y }) => (x - meanX) * (y - meanY)));
  return covariance / mean(logs.map(({ x }) => (x - meanX) ** 2));
}
