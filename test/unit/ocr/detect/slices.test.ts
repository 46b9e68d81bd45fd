import { describe, expect, it } from 'vitest';
import { planSlices, sliceStarts } from '../../../../src/runtime/ocr/detect/slices.js';

const max = {
  det_limit_side_len: 960,
  det_limit_type: 'max',
  det_max_side_limit: 4000,
  det_max_pixels: 4_000_000,
  det_slice: true,
} as const;

describe('planSlices', () => {
  it.each([
    ['an A4 page at 600 dpi', { width: 4960, height: 7016 }],
    ['a phone screen of 21:9', { width: 1080, height: 2520 }],
    ['a strip of a recording that is legible without slices', { width: 200, height: 1920 }],
    ['a strip shorter than the limit', { width: 960, height: 48 }],
    ['a strip just below the rule', { width: 2304, height: 300 }],
    ['a strip whose shorter side is one pixel', { width: 10_000_000, height: 1 }],
    ['a strip narrower than a line of text', { width: 7, height: 20_000 }],
    ['a strip narrower than a line of text after it is reduced to the pixel limit', { width: 12_500_000, height: 8 }],
  ])('does not slice %s', (_, size) => {
    expect(planSlices(size, max)).toBeUndefined();
  });

  it('slices a strip just beyond the rule', () => {
    expect(planSlices({ width: 2305, height: 300 }, max)?.slices.length).toBeGreaterThan(1);
  });

  it('slices no strip with det_slice: false', () => {
    expect(planSlices({ width: 10_000, height: 300 }, { ...max, det_slice: false })).toBeUndefined();
  });

  it('scales a strip by its shorter side and never enlarges it', () => {
    expect(planSlices({ width: 10_000, height: 300 }, max)?.size).toEqual({ width: 9984, height: 288 });
    expect(planSlices({ width: 300, height: 10_000 }, max)?.size).toEqual({ width: 288, height: 9984 });
    expect(planSlices({ width: 1080, height: 14_000 }, max)?.size).toEqual({ width: 960, height: 12_448 });
  });

  it('orders slices from top to bottom in a tall strip and from left to right in a wide strip', () => {
    const tall = planSlices({ width: 1080, height: 14_000 }, max);
    expect(tall?.slices[0]).toEqual({ x: 0, y: 0, width: 960, height: 960 });
    expect(tall?.slices.at(-1)).toEqual({ x: 0, y: 12_448 - 960, width: 960, height: 960 });
    const wide = planSlices({ width: 10_000, height: 300 }, max);
    expect(wide?.slices.at(-1)).toEqual({ x: 9984 - 960, y: 0, width: 960, height: 288 });
  });

  it.each([
    ['min', 736],
    ['min', 32],
    ['max', 32],
    ['max', 4000],
    ['resize_long', 960],
  ] as const)(
    'covers the whole strip with det_limit_type %s and det_limit_side_len %i',
    (det_limit_type, det_limit_side_len) => {
      const plan = planSlices({ width: 40_000, height: 300 }, { ...max, det_limit_type, det_limit_side_len });
      const last = plan?.slices.at(-1);
      expect(plan?.size.width).toBe((last?.x ?? 0) + (last?.width ?? 0));
      for (const { height } of plan?.slices ?? []) expect(height).toBe(plan?.size.height);
    },
  );

  it('plans slices in proportion to the length of the strip', () => {
    const count = (width: number): number => planSlices({ width, height: 300 }, max)?.slices.length ?? 1;
    expect(count(40_000) / count(10_000)).toBeCloseTo(4, 0);
  });

  it('slices a strip as high as one small line', () => {
    expect(planSlices({ width: 20_000, height: 8 }, max)?.size).toEqual({ width: 20_000, height: 32 });
  });

  it.each([
    { width: 1080, height: 20_000 },
    { width: 1080, height: 90_000 },
    { width: 80_000, height: 300 },
    { width: 900_000, height: 17 },
    { width: 40_000, height: 2400 },
  ])('plans at most three times the pixels of the largest page for $width x $height', (size) => {
    for (const det_max_side_limit of [640, 1600, 4000]) {
      const plan = planSlices(size, { ...max, det_max_side_limit });
      const page = det_max_side_limit ** 2;
      // The shorter side may be rounded up from 48 to 64 pixels.
      expect((plan?.size.width ?? 0) * (plan?.size.height ?? 0)).toBeLessThanOrEqual((page * 64) / 48);
      const seen = plan?.slices.reduce((sum, { width, height }) => sum + width * height, 0) ?? 0;
      expect(seen).toBeLessThanOrEqual(page * 3);
    }
    expect(planSlices({ width: 1080, height: 20_000 }, max)?.size.width).toBeGreaterThanOrEqual(896);
  });

  it.each([128_000, 700_000, 4_000_000])('plans no slice above det_max_pixels = %i', (det_max_pixels) => {
    let sliced = 0;
    for (const shorter of [40, 300, 1000, 2400, 5000]) {
      for (const det_limit_type of ['max', 'min', 'resize_long'] as const) {
        for (const det_limit_side_len of [32, 960, 4000]) {
          const rule = { ...max, det_limit_type, det_limit_side_len, det_max_pixels };
          const plan = planSlices({ width: 60_000, height: shorter }, rule);
          for (const { width, height } of plan?.slices ?? []) {
            expect(width * height).toBeLessThanOrEqual(det_max_pixels);
            sliced++;
          }
        }
      }
    }
    expect(sliced).toBeGreaterThan(0);
  });

  it.each([96, 320, 700, 960])('plans no slice with a side longer than det_max_side_limit = %i', (limit) => {
    const plans = [320, 40].map((height) =>
      planSlices({ width: 10_000, height }, { ...max, det_max_side_limit: limit }),
    );
    for (const { width, height } of plans.flatMap((plan) => plan?.slices ?? [])) {
      expect(Math.max(width, height)).toBeLessThanOrEqual(limit);
    }
    expect(plans[0]?.slices.length).toBeGreaterThan(1);
  });

  it.each([32, 63])('does not slice a strip if det_max_side_limit is only %i', (limit) => {
    expect(planSlices({ width: 10_000, height: 320 }, { ...max, det_max_side_limit: limit })).toBeUndefined();
  });
});

describe('sliceStarts', () => {
  it('covers any length evenly, at multiples of 32, with at least the given overlap', () => {
    for (let total = 992; total <= 20_000; total += 32) {
      for (const overlap of [64, 256]) {
        const starts = sliceStarts(total, 960, overlap);
        expect(starts[0]).toBe(0);
        expect(starts.at(-1)).toBe(total - 960);
        const strides = starts.slice(1).map((start, i) => start - (starts[i] ?? 0));
        expect(Math.max(...strides)).toBeLessThanOrEqual(960 - overlap);
        expect(Math.max(...strides) - Math.min(...strides)).toBeLessThanOrEqual(32);
        expect(starts.every((start) => start % 32 === 0)).toBe(true);
      }
    }
  });

  it('returns one start if one slice is enough', () => {
    expect(sliceStarts(960, 960, 256)).toEqual([0]);
  });
});
