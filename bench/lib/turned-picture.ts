import sharp from 'sharp';
import type { Point } from '../../src/runtime/geometry/point.js';

export interface TurnedPicture {
  readonly bytes: Buffer;
  /** Finds the place in the upright picture of a place in the turned one. */
  readonly back: (at: Point) => Point;
}

/** Turns a picture clockwise, on the color of its first pixel. The bytes stay as they are for 0 degrees. */
export async function turnedPicture(bytes: Buffer, degrees: number): Promise<TurnedPicture> {
  if (degrees === 0) return { bytes, back: (at) => at };
  const picture = sharp(bytes).flatten({ background: '#fff' }).toColorspace('srgb');
  const corner = picture.clone().extract({ left: 0, top: 0, width: 1, height: 1 });
  const [r = 0, g = 0, b = 0] = await corner.raw().toBuffer();
  const { data, info } = await picture
    .rotate(degrees, { background: { r, g, b } })
    .png()
    .toBuffer({ resolveWithObject: true });
  const { width, height } = await sharp(bytes).metadata();
  return { bytes: data, back: turnBack([width, height], [info.width, info.height], degrees) };
}

/** Both pictures turn about their centers. */
function turnBack([width, height]: Point, [turnedWidth, turnedHeight]: Point, degrees: number): (at: Point) => Point {
  const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  return ([x, y]) => {
    const [dx, dy] = [x - turnedWidth / 2, y - turnedHeight / 2];
    return [dx * cos + dy * sin + width / 2, dy * cos - dx * sin + height / 2];
  };
}
