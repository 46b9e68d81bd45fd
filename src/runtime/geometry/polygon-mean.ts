import type { Point } from './point.js';

/**
 * The mean of a map over a polygon, border included: what `cv2.fillPoly` and `cv2.mean` give in `box_score_fast` (a
 * rectangle) and `box_score_slow` (a contour) of PaddleOCR.
 *
 * @param map `width * height` values.
 * @param polygon corners; moved to the window's origin and truncated to integers, as PaddleOCR does.
 */
export function polygonMean(map: Float32Array, width: number, height: number, polygon: readonly Point[]): number {
  const [leftmost, rightmost] = extent(polygon.map(([x]) => x));
  const [upmost, downmost] = extent(polygon.map(([, y]) => y));
  const left = clamp(Math.floor(leftmost), width);
  const right = clamp(Math.ceil(rightmost), width);
  const top = clamp(Math.floor(upmost), height);
  const bottom = clamp(Math.ceil(downmost), height);
  const window: Window = {
    width: right - left + 1,
    height: bottom - top + 1,
    filled: new Uint8Array((right - left + 1) * (bottom - top + 1)),
  };
  const corners = polygon.map(([x, y]): Point => [Math.trunc(x - left), Math.trunc(y - top)]);
  fillInterior(window, corners);
  for (const [from, to] of edgesOf(corners)) drawLine(window, from, to);
  return meanOf(map, width, left, top, window);
}

const crossingScale = 65536;

interface Window {
  readonly width: number;
  readonly height: number;
  /** 1 where the polygon covers a pixel. */
  readonly filled: Uint8Array;
}

/** The least and the greatest; `Math.min(...values)` overflows the stack for an outline of 130,000 points. */
function extent(values: readonly number[]): readonly [number, number] {
  return [values.reduce((a, b) => Math.min(a, b), Infinity), values.reduce((a, b) => Math.max(a, b), -Infinity)];
}

function clamp(value: number, length: number): number {
  return Math.min(Math.max(value, 0), length - 1);
}

function edgesOf(corners: readonly Point[]): (readonly [Point, Point])[] {
  return corners.map((corner, i) => [corners.at(i - 1) ?? corner, corner]);
}

/** Even-odd filling along the rows' centers; crossings have 16 fraction bits and are rounded, as in OpenCV. */
function fillInterior({ width, height, filled }: Window, corners: readonly Point[]): void {
  const crossings: number[][] = Array.from({ length: height }, () => []);
  for (const [a, b] of edgesOf(corners)) {
    const [upper, lower] = a[1] < b[1] ? [a, b] : [b, a];
    const slope = Math.trunc(((lower[0] - upper[0]) * crossingScale) / (lower[1] - upper[1])) / crossingScale;
    const end = Math.min(lower[1], height);
    for (let y = Math.max(upper[1], 0); y < end; y++) crossings[y]?.push(upper[0] + (y - upper[1]) * slope);
  }
  crossings.forEach((row, y) => {
    row.sort((a, b) => a - b);
    for (let i = 0; i + 1 < row.length; i += 2) {
      const from = Math.max(Math.floor((row[i] ?? 0) + 0.5), 0);
      const to = Math.min(Math.floor((row[i + 1] ?? 0) + 0.5), width - 1);
      if (from <= to) filled.fill(1, y * width + from, y * width + to + 1);
    }
  });
}

/** A line of 8-connected pixels (Bresenham, 1965) from left to right, as OpenCV draws the borders it fills. */
function drawLine({ width, height, filled }: Window, a: Point, b: Point): void {
  const [[x0, y0], [x1, y1]] = a[0] <= b[0] ? [a, b] : [b, a];
  const dx = x1 - x0;
  const dy = Math.abs(y1 - y0);
  const down = Math.sign(y1 - y0);
  const steep = dy > dx;
  const [long, short] = steep ? [dy, dx] : [dx, dy];
  let error = long - 2 * short;
  for (let i = 0, x = x0, y = y0; i <= long; i++) {
    if (x >= 0 && x < width && y >= 0 && y < height) filled[y * width + x] = 1;
    const aside = error < 0;
    error += (aside ? 2 * long : 0) - 2 * short;
    if (steep || aside) y += down;
    if (!steep || aside) x += 1;
  }
}

function meanOf(map: Float32Array, mapWidth: number, left: number, top: number, window: Window): number {
  let sum = 0;
  let count = 0;
  for (let y = 0, at = 0; y < window.height; y++) {
    const base = (top + y) * mapWidth + left;
    for (let x = 0; x < window.width; x++, at++) {
      if (window.filled[at] !== 1) continue;
      sum += map[base + x] ?? 0;
      count++;
    }
  }
  return count === 0 ? 0 : sum / count;
}
