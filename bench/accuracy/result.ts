import type { Half } from '../lib/half.js';
import type { Machine } from '../report/machine.js';
import type { Missing } from '../report/comparison.js';
import type { Scoring } from './manifest.js';
import type { PageScore } from './page-score.js';

/** Everything that one run measured. */
export interface AccuracyResult {
  readonly machine: Machine;
  readonly systems: readonly { readonly name: string; readonly isOurs: boolean }[];
  readonly sets: readonly SetResult[];
  readonly missing: readonly Missing[];
}

export interface SetResult {
  readonly name: string;
  readonly about: string;
  readonly license: string;
  /** Repository and commit, packages, or a folder. */
  readonly origin: string;
  readonly scoring: Scoring;
  readonly pictures: readonly PictureResult[];
}

export interface PictureResult {
  readonly name: string;
  readonly half: Half;
  /** By the names of systems; those that failed are missing. */
  readonly scores: Readonly<Record<string, SystemScore>>;
}

export interface SystemScore extends PageScore {
  /** Missing if it was measured in another run than the CPU time of other systems. */
  readonly cpuSeconds?: number;
}
