/** In pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/**
 * A picture in memory: 8 bits a channel, R G B interleaved, rows from top to bottom without padding.
 *
 * The pixel loops read typed arrays as `data[i] ?? 0`. The index is always inside; the optimizing compiler removes the
 * test, and the type checker needs no assertion.
 */
export interface Image extends Size {
  /** `width * height * 3` bytes. */
  readonly data: Uint8Array;
}

/** A black picture. */
export function blankImage(width: number, height: number): Image {
  return { width, height, data: new Uint8Array(width * height * 3) };
}
