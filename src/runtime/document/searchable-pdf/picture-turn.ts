import type { Rotation } from '../page.js';
import { combined, type Matrix } from './matrix.js';

/**
 * How the unit square, in which PDF draws a picture, must be turned: first as its EXIF orientation says, then by the
 * degrees by which the upright page was turned clockwise before it was read.
 */
export function pictureTurn(orientation: number, rotation: Rotation): Matrix {
  return combined(orientations[orientation - 1] ?? unturned, turns[rotation]);
}

const unturned: Matrix = [1, 0, 0, 1, 0, 0];
const mirrored: Matrix = [-1, 0, 0, 1, 1, 0];

/** Clockwise. */
const turns: Readonly<Record<Rotation, Matrix>> = {
  0: unturned,
  90: [0, -1, 1, 0, 0, 1],
  180: [-1, 0, 0, -1, 1, 1],
  270: [0, 1, -1, 0, 1, 0],
};

/** EXIF orientations 1 to 8: what turns the stored picture upright. */
const orientations: readonly Matrix[] = [
  unturned,
  mirrored,
  turns[180],
  combined(mirrored, turns[180]),
  combined(mirrored, turns[270]),
  turns[90],
  combined(mirrored, turns[90]),
  turns[270],
];
