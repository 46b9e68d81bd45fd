/** The percentiles cover this many of the latest answers. */
const maxAnswers = 1000;

/** The times of the latest answers, in milliseconds. */
export interface Latencies {
  add(ms: number): void;
  /** Null before the first answer. */
  percentiles(): { p50: number; p95: number; p99: number } | null;
}

export function createLatencies(): Latencies {
  const ring: number[] = [];
  let next = 0;
  return {
    add(ms) {
      ring[next] = ms;
      next = (next + 1) % maxAnswers;
    },
    percentiles() {
      if (ring.length === 0) return null;
      const sorted = [...ring].sort((a, b) => a - b);
      const at = (share: number): number => Math.round(sorted[Math.ceil(share * sorted.length) - 1] ?? 0);
      return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
    },
  };
}
