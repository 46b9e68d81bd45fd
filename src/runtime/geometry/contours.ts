import type { Point } from './point.js';

/**
 * The borders of the regions of a mask, outer ones and holes alike, each as the corner points of its chain: what
 * OpenCV's `findContours` gives with RETR_LIST and CHAIN_APPROX_SIMPLE, in OpenCV's order (the last found first).
 * Border following after Suzuki and Abe (1985).
 *
 * @param mask `width * height` bytes, 0 or 1.
 */
export function findContours(mask: Uint8Array, width: number, height: number): Point[][] {
  const field = framed(mask, width, height);
  const { cells, stride } = field;
  const contours: Point[][] = [];
  for (let y = 1; y <= height; y++) {
    let left = 0;
    for (let x = 1; x <= width + 1; x++) {
      const at = y * stride + x;
      const here = cells[at] ?? 0;
      if (here === left) continue;
      if (left === 0 && here === untouched) contours.push(follow(field, at, directionLeft));
      else if (here === 0 && left > 0) contours.push(follow(field, at - 1, directionRight));
      left = cells[at] ?? 0;
    }
  }
  return contours.reverse();
}

/** A cell is 0 (outside), untouched, or on a border already followed; negative where the right neighbour is outside. */
interface Field {
  readonly cells: Int8Array;
  readonly stride: number;
}

const untouched = 1;
const followed = 2;
const followedRightEdge = -2;

/** Directions are numbered counter-clockwise on the screen from the right: 0 right, 2 up, 4 left, 6 down. */
const directionRight = 0;
const directionLeft = 4;
const stepX = [1, 1, 0, -1, -1, -1, 0, 1] as const;
const stepY = [0, -1, -1, -1, 0, 1, 1, 1] as const;

/** The mask with a frame of one empty cell, so that no neighbour lies outside the array. */
function framed(mask: Uint8Array, width: number, height: number): Field {
  const stride = width + 2;
  const cells = new Int8Array(stride * (height + 2));
  for (let y = 0; y < height; y++) cells.set(mask.subarray(y * width, (y + 1) * width), (y + 1) * stride + 1);
  return { cells, stride };
}

/** Follows the border through `start`; `outside` is the direction in which its empty neighbour lies. */
function follow({ cells, stride }: Field, start: number, outside: number): Point[] {
  const offsets = stepX.map((dx, direction) => dx + (stepY[direction] ?? 0) * stride);
  const neighbour = (cell: number, direction: number): number => cell + (offsets[direction & 7] ?? 0);
  let x = (start % stride) - 1;
  let y = Math.floor(start / stride) - 1;

  let direction = outside;
  do direction = (direction - 1) & 7;
  while (cells[neighbour(start, direction)] === 0 && direction !== outside);
  if (direction === outside) {
    cells[start] = followedRightEdge;
    return [[x, y]];
  }

  const points: Point[] = [];
  const last = neighbour(start, direction);
  let cell = start;
  let lastDirection = direction ^ 4;
  for (;;) {
    const from = direction;
    do direction++;
    while (cells[neighbour(cell, direction)] === 0);
    direction &= 7;
    const next = neighbour(cell, direction);
    const lookedRight = direction !== 0 && direction - 1 < from;
    if (lookedRight) cells[cell] = followedRightEdge;
    else if (cells[cell] === untouched) cells[cell] = followed;
    if (direction !== lastDirection) points.push([x, y]);
    lastDirection = direction;
    x += stepX[direction] ?? 0;
    y += stepY[direction] ?? 0;
    if (next === start && cell === last) return points;
    cell = next;
    direction = (direction + 4) & 7;
  }
}
