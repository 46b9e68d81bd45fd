import type { Point, Quad } from '../../geometry/point.js';
import type { Image, Size } from '../../image/image.js';
import { rotate180, rotate90Ccw } from '../../image/rotate.js';
import type { Turn } from './page-rotation.js';

/** The page turned back, so that its text is upright. */
export function turnBack(image: Image, turn: Turn): Image {
  switch (turn) {
    case 0:
      return image;
    case 90:
      return rotate90Ccw(image);
    case 180:
      return rotate180(image);
    case 270:
      return rotate180(rotate90Ccw(image));
  }
}

/** A region of the page that was turned back, in pixels of the page as it was given. Its corners keep their order. */
export function inGivenPage(region: Quad, { width, height }: Size, turn: Turn): Quad {
  const place = ([x, y]: Point): Point => {
    switch (turn) {
      case 0:
        return [x, y];
      case 90:
        return [width - 1 - y, x];
      case 180:
        return [width - 1 - x, height - 1 - y];
      case 270:
        return [y, height - 1 - x];
    }
  };
  const [a, b, c, d] = region;
  return [place(a), place(b), place(c), place(d)];
}
