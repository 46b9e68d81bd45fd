import { blankImage, type Image } from './image.js';

/** A quarter turn counter-clockwise, as `numpy.rot90`. */
export function rotate90Ccw(image: Image): Image {
  const { width, height, data } = image;
  const turned = blankImage(height, width);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = (y * width + x) * 3;
      const to = ((width - 1 - x) * height + y) * 3;
      turned.data[to] = data[from] ?? 0;
      turned.data[to + 1] = data[from + 1] ?? 0;
      turned.data[to + 2] = data[from + 2] ?? 0;
    }
  }
  return turned;
}

/** A half turn. */
export function rotate180(image: Image): Image {
  const { width, height, data } = image;
  const turned = blankImage(width, height);
  for (let from = 0, to = data.length - 3; to >= 0; from += 3, to -= 3) {
    turned.data[to] = data[from] ?? 0;
    turned.data[to + 1] = data[from + 1] ?? 0;
    turned.data[to + 2] = data[from + 2] ?? 0;
  }
  return turned;
}
