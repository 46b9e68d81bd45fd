import type { Random } from '../word-boxes/random.js';

/** A picture that the bench draws, with what it should be read as. */
export interface Case {
  /** A picture file. */
  readonly picture: Buffer;
  /** The end of the file's name; png if left out. */
  readonly format?: string;
  /** The texts of its lines. Empty for a picture of nothing. */
  readonly expected: readonly string[];
  /** Fields of the request. */
  readonly fields?: Readonly<Record<string, unknown>>;
}

/** A kind of picture on which readers fail. */
export interface Kind {
  readonly name: string;
  /** Number of cases if the command names none. */
  readonly count: number;
  /** Number of cases that are kept in test/fixtures/kinds. */
  readonly fixtures?: number;
  /**
   * What is counted as right: the picture as a whole, the same with its spaces, each line of it, or the order of the lines
   * that were read.
   */
  readonly unit: 'picture' | 'text' | 'line' | 'order';
  /** @param i the number of the case, from 0: sizes and angles go through all their values in turn */
  draw(random: Random, i: number): Promise<Case>;
}
