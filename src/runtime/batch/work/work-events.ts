import type { ResultLine } from '../results/result-line.js';

/** What happens while a worker reads units, for people and metrics. */
export interface WorkEvents {
  pageDone(line: ResultLine): void;
  unitDone(unit: number, lines: readonly ResultLine[]): void;
  /** A unit was given up because another worker has it. */
  unitLost(unit: number): void;
  /** The source cannot be reached; work waits. */
  sourceAway(source: string, problem: string): void;
  sourceBack(source: string): void;
}
