import { describe, expect, it } from 'vitest';
import { blankImage } from '../../../../src/runtime/image/image.js';
import { detectorSize, padTiny } from '../../../../src/runtime/ocr/detect/resize-rule.js';
import { detectorParams } from '../../../../src/runtime/ocr/detect/params.js';
import { perRequestParams, systemParams } from '../../../../src/runtime/ocr/params.js';
import { presetNames, withPreset } from '../../../../src/runtime/ocr/presets.js';
import { batchWidth } from '../../../../src/runtime/ocr/recognize/line-reader.js';

const max = {
  det_limit_side_len: 960,
  det_limit_type: 'max',
  det_max_side_limit: 4000,
  det_max_pixels: 4_000_000,
} as const;

describe('detectorSize', () => {
  it.each([
    // Half a multiple of 32 is rounded to the even multiple, as Python does.
    [
      { width: 80, height: 144 },
      { width: 64, height: 128 },
    ],
    [
      { width: 112, height: 48 },
      { width: 128, height: 64 },
    ],
    [
      { width: 1920, height: 1080 },
      { width: 960, height: 544 },
    ],
    [
      { width: 5, height: 900 },
      { width: 32, height: 896 },
    ],
  ])('with type max and 960 resizes %j to %j', (size, expected) => {
    expect(detectorSize(size, max)).toEqual(expected);
  });

  it('with type min enlarges the shorter side', () => {
    expect(
      detectorSize({ width: 400, height: 200 }, { ...max, det_limit_side_len: 736, det_limit_type: 'min' }),
    ).toEqual({
      width: 1472,
      height: 736,
    });
  });

  it('with type resize_long enlarges the longer side', () => {
    const long = { ...max, det_limit_side_len: 640, det_limit_type: 'resize_long' } as const;
    expect(detectorSize({ width: 320, height: 160 }, long)).toEqual({ width: 640, height: 320 });
  });

  it('never makes a side longer than det_max_side_limit', () => {
    const rule = { ...max, det_limit_side_len: 736, det_limit_type: 'min' } as const;
    expect(detectorSize({ width: 20000, height: 10 }, rule).width).toBe(4000);
    expect(detectorSize({ width: 400, height: 2000 }, { ...rule, det_max_side_limit: 1600 })).toEqual({
      width: 320,
      height: 1600,
    });
  });
});

describe('det_max_pixels', () => {
  const anySize = [1, 17, 31, 32, 47, 48, 300, 639, 800, 1080, 1999, 2480, 3508, 4000, 5000, 7016, 64_000].flatMap(
    (width) => [1, 48, 600, 2000, 2016, 3000, 7016].map((height) => ({ width, height })),
  );
  const anyRule = (['max', 'min', 'resize_long'] as const).flatMap((det_limit_type) =>
    [32, 736, 960, 2000, 4000].flatMap((det_limit_side_len) =>
      [32, 640, 1600, 4000].map((det_max_side_limit) => ({ det_limit_type, det_limit_side_len, det_max_side_limit })),
    ),
  );

  it.each([128_000, 1_000_000, 4_000_000])(
    'limits the detector input to %i pixels for every size and rule',
    (det_max_pixels) => {
      for (const size of anySize) {
        for (const rule of anyRule) {
          const { width, height } = detectorSize(size, { ...rule, det_max_pixels });
          expect(width * height).toBeLessThanOrEqual(det_max_pixels);
          expect([width % 32, height % 32, Math.min(width, height) >= 32]).toEqual([0, 0, true]);
        }
      }
    },
  );

  it('keeps the aspect ratio of a smaller input and uses most of the allowed pixels', () => {
    const min = { ...max, det_limit_type: 'min', det_limit_side_len: 4000 } as const;
    expect(detectorSize({ width: 1000, height: 1000 }, min)).toEqual({ width: 1984, height: 1984 });
    expect(detectorSize({ width: 2480, height: 3508 }, { ...max, det_limit_side_len: 4000 })).toEqual({
      width: 1664,
      height: 2368,
    });
  });

  it('has no effect on the presets, because the original has no such limit', () => {
    for (const name of presetNames) {
      const rule = detectorParams.parse(withPreset(detectorParams, {}, { setting: name }));
      for (const size of anySize)
        expect(detectorSize(size, rule)).toEqual(detectorSize(size, { ...rule, det_max_pixels: 16_000_000 }));
    }
  });

  it('cannot be set by a request', () => {
    expect(perRequestParams(systemParams).safeParse({ det_max_pixels: 16_000_000 }).success).toBe(false);
  });
});

describe('padTiny', () => {
  it('pads pictures whose sides add up to less than 64', () => {
    expect(padTiny(blankImage(40, 18))).toMatchObject({ width: 40, height: 32 });
    expect(padTiny(blankImage(1, 1))).toMatchObject({ width: 32, height: 32 });
  });

  it('does not change larger pictures', () => {
    const image = blankImage(60, 4);
    expect(padTiny(image)).toBe(image);
  });
});

describe('batchWidth', () => {
  const widths = (
    lines: [number, number][],
    least: number,
    multiple: number,
    most = 6400,
    margin = 0,
    scale = 1,
  ): number =>
    batchWidth(
      lines.map(([width, height]) => blankImage(width, height)),
      48,
      {
        rec_width_scale: scale,
        rec_min_width: least,
        rec_margin: margin,
        rec_width_multiple: multiple,
        rec_max_width: most,
      },
    );

  it('equals the reference with a minimum of 320 and a multiple of 1', () => {
    expect(widths([[100, 48]], 320, 1)).toBe(320);
    expect(
      widths(
        [
          [100, 48],
          [1001, 100],
        ],
        320,
        1,
      ),
    ).toBe(480);
  });

  it('is rounded up to rec_width_multiple', () => {
    expect(widths([[97, 48]], 96, 32)).toBe(128);
    expect(widths([[10, 48]], 96, 32)).toBe(96);
  });

  it('includes rec_margin', () => {
    expect(widths([[120, 48]], 96, 8, 6400, 0)).toBe(120);
    expect(widths([[120, 48]], 96, 8, 6400, 4)).toBe(128);
    expect(widths([[10, 48]], 96, 8, 6400, 4)).toBe(96);
  });

  it('is scaled by rec_width_scale, except the minimum width and the margin', () => {
    expect(widths([[400, 48]], 96, 1, 6400, 0, 0.85)).toBe(340);
    expect(widths([[400, 48]], 96, 1, 6400, 8, 0.85)).toBe(348);
    expect(widths([[100, 48]], 96, 1, 6400, 0, 0.5)).toBe(96);
  });

  it('is at most rec_max_width', () => {
    expect(widths([[30000, 48]], 96, 32)).toBe(6400);
    expect(widths([[30000, 48]], 96, 32, 6400, 4)).toBe(6400);
  });
});
