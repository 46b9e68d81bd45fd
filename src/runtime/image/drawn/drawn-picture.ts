/** A file that draws the same, and how many frames the file had, if they are counted. */
export interface DrawnPicture {
  readonly bytes: Uint8Array;
  readonly frames?: number;
}
