import type { AnsweredPage } from '../../service/contract.js';

/** Reads pages: the pool of a worker, or a stub in a test. */
export interface Reader {
  /** How many requests it can work on at once. */
  readonly parallel: number;
  /**
   * @param pages from 1; those of a document
   * @throws OcrHubError for a file or a page that cannot be read
   */
  read(file: PageFile, pages: readonly number[], signal: AbortSignal): Promise<readonly AnsweredPage[]>;
}

export interface PageFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}
