import { describe, expect, it } from 'vitest';
import type { Quad } from '../../../../src/runtime/geometry/point.js';
import { planCloserLook, withCloserLook } from '../../../../src/runtime/ocr/detect/closer-look.js';
import { detectorParams } from '../../../../src/runtime/ocr/detect/params.js';

const params = detectorParams.parse({});
const page = { width: 2480, height: 3508 };
const map = { width: 672, height: 960, data: new Float32Array() };
const print = { area: { x: 32, y: 768, width: 576, height: 160 }, enlarge: 2, minEnlarge: 1.5 };

describe('planCloserLook', () => {
  it('looks at the part alone, at the larger scale', () => {
    expect(planCloserLook(map, print, page, params)).toEqual({
      whole: { width: 1344, height: 1920 },
      part: { x: 64, y: 1536, width: 1152, height: 320 },
      size: { width: 1152, height: 320 },
      slices: [
        { x: 0, y: 0, width: 640, height: 320 },
        { x: 512, y: 0, width: 640, height: 320 },
      ],
    });
  });

  it('never enlarges the picture itself', () => {
    expect(planCloserLook(map, print, { width: 1075, height: 1536 }, params)?.whole).toEqual({
      width: 1088,
      height: 1536,
    });
  });

  it('looks at no print that is as small in the picture itself', () => {
    expect(planCloserLook(map, print, { width: 940, height: 1344 }, params)).toBeUndefined();
  });

  it('looks at a part of a part where it lies in the picture', () => {
    const part = { x: 320, y: 64, whole: { width: 1344, height: 1920 } };
    const area = { x: 32, y: 32, width: 96, height: 64 };
    const plan = planCloserLook({ ...map, part }, { ...print, area, enlarge: 1.5 }, page, params);
    expect(plan?.whole).toEqual({ width: 2016, height: 2880 });
    expect(plan?.part).toEqual({ x: 512, y: 128, width: 160, height: 128 });
  });

  it.each([
    ['the defaults', {}],
    ['the smallest det_max_pixels', { det_max_pixels: 128_000 }],
    ['a small det_max_side_limit', { det_max_side_limit: 960 }],
  ])('keeps the memory and the cost of a look within the limits, with %s', (_, given) => {
    const rule = detectorParams.parse(given);
    for (const scale of [1.6, 2, 4, 16, 40]) {
      const image = { width: map.width * scale, height: map.height * scale };
      const whole = { area: { x: 0, y: 0, width: map.width, height: map.height }, enlarge: 8, minEnlarge: 1 };
      const plan = planCloserLook(map, whole, image, rule);
      const pixels = (plan?.slices ?? []).map(({ width, height }) => width * height);
      expect(pixels.length).toBeGreaterThan(0);
      expect(Math.max(...pixels)).toBeLessThanOrEqual(Math.min(rule.det_max_pixels, 960 * 960));
      expect((plan?.size.width ?? 0) * (plan?.size.height ?? 0)).toBeLessThanOrEqual(
        rule.det_max_side_limit ** 2 * 1.1,
      );
      for (const { x, y, width, height } of plan?.slices ?? []) {
        expect([x % 32, y % 32, width % 32, height % 32]).toEqual([0, 0, 0, 0]);
        expect(x + width).toBeLessThanOrEqual(plan?.size.width ?? 0);
        expect(y + height).toBeLessThanOrEqual(plan?.size.height ?? 0);
      }
    }
  });
});

describe('withCloserLook', () => {
  // In the picture the part is 118 to 2244 across and 2806 to 3391 down.
  const plan = planCloserLook(map, print, page, params);
  if (plan === undefined) throw new Error('it is not looked at');
  const box = (x: number, y: number, width: number, height: number): Quad => [
    [x, y],
    [x + width, y],
    [x + width, y + height],
    [x, y + height],
  ];

  it('replaces the boxes of the part', () => {
    const [above, first, closer] = [box(300, 400, 900, 50), box(200, 2900, 500, 20), box(205, 2895, 520, 30)];
    expect(withCloserLook([above, first], [closer], plan, page)).toEqual([above, closer]);
  });

  it('keeps a line that reaches out of the part, and not the half that the closer look sees', () => {
    const [line, half] = [box(1800, 2900, 600, 40), box(1800, 2900, 440, 40)];
    expect(withCloserLook([line], [half], plan, page)).toEqual([line]);
  });

  it('keeps the line below one that reaches out, although their boxes touch', () => {
    const [line, below] = [box(1800, 2900, 600, 40), box(1800, 2935, 300, 40)];
    expect(withCloserLook([line], [below], plan, page)).toEqual([line, below]);
  });

  it('keeps letters that are too large for the closer look, and not their strokes', () => {
    const [title, stroke] = [box(200, 2850, 1500, 300), box(400, 2900, 60, 200)];
    expect(withCloserLook([title], [stroke], plan, page)).toEqual([title]);
  });
});
