import { describe, expect, it } from 'vitest';
import type { Point } from '../../../../src/runtime/geometry/point.js';
import { boxesFromMap, filterBoxes, type ProbabilityMap } from '../../../../src/runtime/ocr/detect/db-postprocess.js';
import { detectorParams } from '../../../../src/runtime/ocr/detect/params.js';

const side = 64;
/** Ten pixels of the picture for one of the map. */
const source = { width: side * 10, height: side * 10 };
const params = detectorParams.parse({ det_db_unclip_ratio: 0 });

function mapOf(isLit: (x: number, y: number) => boolean): ProbabilityMap {
  const data = Float32Array.from({ length: side * side }, (_, i) => (isLit(i % side, Math.floor(i / side)) ? 1 : 0));
  return { width: side, height: side, data };
}

function boxOf(map: ProbabilityMap, whole: boolean): readonly Point[] {
  const boxes = boxesFromMap(map, source, { ...params, det_whole_pixels: whole }).map(({ box }) => box);
  const [box, ...more] = filterBoxes(boxes, source, 'reading');
  if (box === undefined || more.length > 0) throw new Error(`${boxes.length} boxes`);
  return box;
}

describe('a box of whole pixels', () => {
  it('ends where the lit pixels end, and not at their upper left corners', () => {
    const map = mapOf((x, y) => x >= 10 && x < 30 && y >= 20 && y < 28);
    expect(boxOf(map, false)).toEqual([
      [100, 200],
      [290, 200],
      [290, 270],
      [100, 270],
    ]);
    expect(boxOf(map, true)).toEqual([
      [100, 200],
      [300, 200],
      [300, 280],
      [100, 280],
    ]);
  });

  it('ends there at the edges of the picture too', () => {
    const map = mapOf((x, y) => x >= 44 && y >= 56);
    expect(boxOf(map, true)).toEqual([
      [440, 560],
      [639, 560],
      [639, 639],
      [440, 639],
    ]);
  });

  it('is the same for a line from top to bottom', () => {
    const map = mapOf((x, y) => x >= 20 && x < 28 && y >= 10 && y < 40);
    expect(boxOf(map, true)).toEqual([
      [200, 100],
      [280, 100],
      [280, 400],
      [200, 400],
    ]);
  });

  it('lies half a pixel further to the right and below if it is tilted', () => {
    const map = mapOf((x, y) => Math.abs(x - y) < 9 && x + y > 40 && x + y < 86);
    const middleOf = (box: readonly Point[], axis: 0 | 1): number =>
      box.reduce((sum, point) => sum + point[axis], 0) / 4;
    for (const axis of [0, 1] as const)
      expect(Math.abs(middleOf(boxOf(map, true), axis) - middleOf(boxOf(map, false), axis) - 5)).toBeLessThanOrEqual(1);
  });

  it('is a pixel of the map larger on a part that is looked at again', () => {
    const lit = mapOf((x, y) => x >= 10 && x < 30 && y >= 20 && y < 28);
    const map = { ...lit, part: { x: 64, y: 0, whole: { width: 128, height: 64 } } };
    const wide = { width: 640, height: 320 };
    const boxes = boxesFromMap(map, wide, { ...params, det_whole_pixels: true }).map(({ box }) => box);
    expect(filterBoxes(boxes, wide, 'reading')).toEqual([
      [
        [370, 100],
        [470, 100],
        [470, 140],
        [370, 140],
      ],
    ]);
  });

  it('is for requests that ask for it', () => {
    expect(params.det_whole_pixels).toBe(false);
  });
});
