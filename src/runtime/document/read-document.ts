import type { Page } from './page.js';

/** A file and what was read in it. The formats write documents of these. */
export interface ReadDocument {
  /** The file's name without its folder, for formats that name it; empty if it is unknown. */
  readonly name: string;
  /** The bytes of the file, for formats that show it (`pdf`, `png`). */
  readonly bytes: Uint8Array;
  /** Opens an encrypted PDF file. */
  readonly password?: string | undefined;
  /** The pages that were read, in the order they were asked for. */
  readonly pages: readonly ReadPage[];
}

/** A page that was read, and its place in the file. */
export interface ReadPage extends Page {
  /** From 1. */
  readonly number: number;
  /** Pixels an inch, where the file says so; of a PDF page, the resolution at which it was rendered. */
  readonly dpi?: number | undefined;
}
