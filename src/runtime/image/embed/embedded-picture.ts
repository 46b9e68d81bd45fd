import type { Size } from '../image.js';

/** A picture in a coding that PDF has too. */
export interface EmbeddedPicture extends Size {
  readonly coding: 'jpeg' | 'flate' | 'fax';
  /** Of a channel. */
  readonly bits: 1 | 2 | 4 | 8;
  readonly color: 'gray' | 'rgb' | Palette;
  /** Whether each row of `flate` begins with the number of a PNG filter. */
  readonly hasRowFilters: boolean;
  readonly data: Uint8Array;
}

/** Red, green and blue of each color. */
export type Palette = Uint8Array;
