import type { ReadPage } from './answer.js';
import type { StageTime } from './stage-times.js';

/** What to read, and how. */
export interface ReadRequest {
  readonly file: File;
  readonly route: string;
  /** As text: the schema of a field says what the text means. */
  readonly fields: Readonly<Record<string, string>>;
}

export interface ReadAnswer {
  readonly pages: readonly ShownPage[];
  readonly times: readonly StageTime[];
}

/** A page with the address of its picture in this browser. `URL.revokeObjectURL` frees it. */
export interface ShownPage extends ReadPage {
  readonly pictureUrl: string | undefined;
}
