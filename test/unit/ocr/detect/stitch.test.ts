import { describe, expect, it } from 'vitest';
import type { Quad } from '../../../../src/runtime/geometry/point.js';
import type { Region } from '../../../../src/runtime/image/resize.js';
import { boxesFromMap, type ProbabilityMap } from '../../../../src/runtime/ocr/detect/db-postprocess.js';
import { detectorParams } from '../../../../src/runtime/ocr/detect/params.js';
import { planSlices, type SlicePlan } from '../../../../src/runtime/ocr/detect/slices.js';
import { stitchSlices } from '../../../../src/runtime/ocr/detect/stitch.js';

const params = detectorParams.parse({});

describe('stitchSlices', () => {
  it.each([
    ['tall', 160, 4800],
    ['wide', 4800, 160],
  ])(
    'builds the map of a %s strip from the maps of its slices for every position of the lines',
    async (_, width, height) => {
      const plan = planned(width, height);
      // Lines are 21 pixels apart, so 21 offsets cover every position of a seam between two lines.
      for (let offset = 0; offset < 21; offset++) {
        const truth = linesEvery(21, offset, plan);
        const stitched = await stitchSlices(plan, (slice) => Promise.resolve(cut(truth, slice)));
        expect(greatestDifference(stitched, truth)).toBeLessThan(1e-6);
        expect(boxesOf(stitched)).toEqual(boxesOf(truth));
      }
    },
  );

  it.each([96, 128, 320])('builds the map from slices that det_max_side_limit = %i keeps short', async (limit) => {
    const plan = planSlices({ width: 300, height: 10_000 }, { ...params, det_max_side_limit: limit });
    if (plan === undefined) throw new Error('it is not sliced');
    expect(plan.slices.length).toBeGreaterThan(1);
    const truth = linesEvery(21, 0, plan);
    const stitched = await stitchSlices(plan, (slice) => Promise.resolve(cut(truth, slice)));
    expect(greatestDifference(stitched, truth)).toBeLessThan(1e-6);
  });

  it('ignores the values of a slice near the edges where it is cut', async () => {
    const plan = planned(160, 4800);
    const truth = linesEvery(21, 0, plan);
    const stitched = await stitchSlices(plan, (slice) => Promise.resolve(spoiled(cut(truth, slice), slice, plan)));
    expect(greatestDifference(stitched, truth)).toBeLessThan(1e-6);
  });

  it('yields one box for a line along the whole strip', async () => {
    const plan = planned(4800, 160);
    const truth = emptyMap(plan);
    for (let y = 70; y < 90; y++) truth.data.fill(0.9, y * 4800 + 30, y * 4800 + 4770);
    const stitched = await stitchSlices(plan, (slice) => Promise.resolve(spoiled(cut(truth, slice), slice, plan)));
    expect(boxesOf(stitched)).toHaveLength(1);
    expect(boxesOf(stitched)).toEqual(boxesOf(truth));
  });

  it('runs one slice at a time', async () => {
    const plan = planned(160, 4800);
    let running = 0;
    let most = 0;
    await stitchSlices(plan, async (slice) => {
      most = Math.max(most, ++running);
      await Promise.resolve();
      running--;
      return new Float32Array(slice.width * slice.height);
    });
    expect(most).toBe(1);
  });

  it('allows as many regions in each slice as in one picture', async () => {
    const plan = planned(160, 9600);
    const truth = emptyMap(plan);
    // 13 regions in each of 800 rows; one picture has at most 1000, as in the reference.
    for (let y = 0; y < 9600; y += 12)
      for (let x = 2; x + 8 <= 160; x += 12)
        for (let row = y; row < y + 6; row++) truth.data.fill(0.9, row * 160 + x, row * 160 + x + 8);
    const stitched = await stitchSlices(plan, (slice) => Promise.resolve(cut(truth, slice)));
    expect(boxesOf(stitched)).toHaveLength(13 * 800);
    expect(boxesOf({ ...truth, slices: 1 })).toHaveLength(1000);
  });
});

function planned(width: number, height: number): SlicePlan {
  const plan = planSlices({ width, height }, params);
  if (plan === undefined) throw new Error(`${width} x ${height} is not sliced`);
  return plan;
}

/** The boxes of a map that has the size of its picture. */
function boxesOf(map: ProbabilityMap): Quad[] {
  return boxesFromMap(map, map, params).map(({ box }) => box);
}

function isTall({ size }: SlicePlan): boolean {
  return size.height > size.width;
}

function emptyMap({ size }: SlicePlan): ProbabilityMap {
  return { ...size, data: new Float32Array(size.width * size.height) };
}

/** Lines across the strip, 13 pixels thick, with a distance of `pitch`. */
function linesEvery(pitch: number, offset: number, plan: SlicePlan): ProbabilityMap {
  const map = emptyMap(plan);
  for (let y = 0, at = 0; y < map.height; y++) {
    for (let x = 0; x < map.width; x++, at++) {
      const [along, across, breadth] = isTall(plan) ? [y, x, map.width] : [x, y, map.height];
      const inLine = (along + offset) % pitch < 13 && across > 9 && across < breadth - 10;
      map.data[at] = inLine ? 0.9 : 0.01;
    }
  }
  return map;
}

function cut(map: ProbabilityMap, { x, y, width, height }: Region): Float32Array {
  const data = new Float32Array(width * height);
  for (let row = 0; row < height; row++) {
    const from = (y + row) * map.width + x;
    data.set(map.data.subarray(from, from + width), row * width);
  }
  return data;
}

/** Replaces 64 pixels, a quarter of the minimum overlap, at each edge where the strip continues. */
function spoiled(data: Float32Array, slice: Region, plan: SlicePlan): Float32Array {
  const tall = isTall(plan);
  const { size } = plan;
  const [start, length, total] = tall ? [slice.y, slice.height, size.height] : [slice.x, slice.width, size.width];
  for (let y = 0, at = 0; y < slice.height; y++) {
    for (let x = 0; x < slice.width; x++, at++) {
      const along = tall ? y : x;
      const atStart = start > 0 && along < 64;
      const atEnd = start + length < total && along >= length - 64;
      if (atStart || atEnd) data[at] = (x + y) % 2;
    }
  }
  return data;
}

function greatestDifference(a: ProbabilityMap, b: ProbabilityMap): number {
  return a.data.reduce((most, value, i) => Math.max(most, Math.abs(value - (b.data[i] ?? 0))), 0);
}
