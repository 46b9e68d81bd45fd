import ClipperLib, { type IntPoint } from 'clipper-lib';
import { distance, type Point } from './point.js';

/**
 * The polygon grown by area * ratio / perimeter with round joins: `unclip` of PaddleOCR's DBPostProcess. Clipper works
 * on integers, and pyclipper truncates towards zero.
 *
 * @returns one polygon as a rule; none or several when the input is degenerate.
 */
export function unclip(polygon: readonly Point[], ratio: number): Point[][] {
  const { area, perimeter } = measureOf(polygon);
  const offset = new ClipperLib.ClipperOffset(miterLimit, arcTolerance);
  const path = polygon.map(([x, y]): IntPoint => ({ X: Math.trunc(x), Y: Math.trunc(y) }));
  offset.AddPath(path, ClipperLib.JoinType.jtRound, ClipperLib.EndType.etClosedPolygon);
  const grown: IntPoint[][] = [];
  offset.Execute(grown, (area * ratio) / perimeter);
  return grown.map((points) => points.map(({ X, Y }): Point => [X, Y]));
}

/** The defaults of pyclipper. */
const miterLimit = 2;
const arcTolerance = 0.25;

function measureOf(polygon: readonly Point[]): { area: number; perimeter: number } {
  let twiceArea = 0;
  let perimeter = 0;
  polygon.forEach((to, i) => {
    const from = polygon.at(i - 1) ?? to;
    twiceArea += from[0] * to[1] - to[0] * from[1];
    perimeter += distance(from, to);
  });
  return { area: Math.abs(twiceArea) / 2, perimeter };
}
