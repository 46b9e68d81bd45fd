/**
 * Writes the runs of RLE8 or RLE4 out: one byte a pixel, its place in the palette, rows as they come in the file. What
 * runs over the end of a row or beyond the last one is left away; what is skipped has place 0.
 *
 * @throws Error when the data end before the picture does
 */
export function writeOutRuns(data: Uint8Array, bits: number, width: number, height: number): Uint8Array {
  const places = new Uint8Array(width * height);
  let x = 0;
  let y = 0;
  const put = (place: number): void => {
    if (x < width && y < height) places[y * width + x] = place;
    x++;
  };
  /** The place of a run's or a literal's pixel: with RLE4 two share a byte, the upper half first. */
  const placeIn = (byte: number, i: number): number => (bits === 8 ? byte : (i & 1) === 0 ? byte >> 4 : byte & 15);

  for (let at = 0; y < height;) {
    if (at + 2 > data.length) {
      // The mark of the end may be missing where all pixels are there.
      if (y === height - 1 && x >= width) break;
      throw new Error(pixelsCutOff);
    }
    const count = data[at++] ?? 0;
    const value = data[at++] ?? 0;
    if (count > 0) {
      for (let i = 0; i < count; i++) put(placeIn(value, i));
    } else if (value === endOfRow) {
      x = 0;
      y++;
    } else if (value === endOfPicture) {
      break;
    } else if (value === delta) {
      if (at + 2 > data.length) throw new Error(pixelsCutOff);
      x += data[at++] ?? 0;
      y += data[at++] ?? 0;
    } else {
      const bytes = Math.ceil((value * bits) / 8);
      if (at + bytes > data.length) throw new Error(pixelsCutOff);
      for (let i = 0; i < value; i++) put(placeIn(data[at + Math.floor((i * bits) / 8)] ?? 0, i));
      // Literals end at an even byte.
      at += bytes + (bytes & 1);
    }
  }
  return places;
}

export const pixelsCutOff = 'it ends inside its pixels';

const endOfRow = 0;
const endOfPicture = 1;
const delta = 2;
