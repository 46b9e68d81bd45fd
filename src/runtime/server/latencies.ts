/** How many of the latest answers the percentiles speak of. */
const window = 1000;

export interface Latencies {
  add(ms: number): void;
  percentiles(): { p50: number; p95: number; p99: number } | null;
}

/** The latest answers' times, in milliseconds. */
export function createLatencies(): Latencies {
  const ring: number[] = [];
  let next = 0;
  return {
    add(ms) {
      ring[next] = ms;
      next = (next + 1) % window;
    },
    percentiles() {
      if (ring.length === 0) return null;
      const sorted = [...ring].sort((a, b) => a - b);
      const at = (share: number): number => Math.round(sorted[Math.ceil(share * sorted.length) - 1] ?? 0);
      return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
    },
  };
}
