import { readdirSync } from 'node:fs';
import { percentile } from '../lib/statistics.js';

/** What happened in one minute. */
export interface Minute {
  readonly minute: number;
  readonly requests: number;
  /** Answers that were compared and equal. */
  readonly right: number;
  /** Answers with another text than the one alone. */
  readonly wrong: number;
  /** Requests for which no answer came in twenty tries. */
  readonly lost: number;
  /** Refusals and failures that a client tried again, by HTTP status, or in words; 0 is a failed connection. */
  readonly again: Readonly<Record<string, number>>;
  /** Answers to hostile requests, by HTTP status. */
  readonly hostile: Readonly<Record<string, number>>;
  /** Milliseconds of the right answers, without those of jobs. */
  readonly p50: number;
  readonly p95: number;
  /** Of the servers' own processes. */
  readonly serverMB: number;
  readonly inferenceMB: number;
  readonly descriptors: number;
}

/** Counts within a minute. */
export class Counters {
  requests = 0;
  right = 0;
  wrong = 0;
  lost = 0;
  readonly again: Record<string, number> = {};
  readonly hostile: Record<string, number> = {};
  readonly times: number[] = [];

  /** @param what an HTTP status, or words */
  static add(counts: Record<string, number>, what: number | string): void {
    counts[what] = (counts[what] ?? 0) + 1;
  }

  toMinute(minute: number, memory: Pick<Minute, 'serverMB' | 'inferenceMB' | 'descriptors'>): Minute {
    const { requests, right, wrong, lost, again, hostile, times } = this;
    const [p50, p95] = [0.5, 0.95].map((share) => (times.length === 0 ? 0 : Math.round(percentile(times, share))));
    return { minute, requests, right, wrong, lost, again, hostile, p50: p50 ?? 0, p95: p95 ?? 0, ...memory };
  }
}

/** Open files of a process; 0 if it has ended. */
export function descriptorsOf(pid: number): number {
  try {
    return readdirSync(`/proc/${pid}/fd`).length;
  } catch {
    return 0;
  }
}
