import { describe, expect, it } from 'vitest';
import { blankImage } from '../../../src/runtime/image/image.js';
import { detectorSize, padTiny } from '../../../src/runtime/ocr/detector-input.js';
import { batchWidth } from '../../../src/runtime/ocr/line-reader.js';

const max = { det_limit_side_len: 960, det_limit_type: 'max', det_max_side_limit: 4000 } as const;

describe('detectorSize', () => {
  it.each([
    // Halves of 32 go to the even multiple, as Python rounds.
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
  ])('max 960: %j becomes %j', (size, expected) => {
    expect(detectorSize(size, max)).toEqual(expected);
  });

  it('min enlarges the shorter side', () => {
    expect(
      detectorSize({ width: 400, height: 200 }, { ...max, det_limit_side_len: 736, det_limit_type: 'min' }),
    ).toEqual({
      width: 1472,
      height: 736,
    });
  });

  it('resize_long shrinks and enlarges', () => {
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

describe('padTiny', () => {
  it('pads pictures whose sides add up to less than 64', () => {
    expect(padTiny(blankImage(40, 18))).toMatchObject({ width: 40, height: 32 });
    expect(padTiny(blankImage(1, 1))).toMatchObject({ width: 32, height: 32 });
  });

  it('leaves others alone', () => {
    const image = blankImage(60, 4);
    expect(padTiny(image)).toBe(image);
  });
});

describe('batchWidth', () => {
  const widths = (lines: [number, number][], least: number, multiple: number, most = 6400, margin = 0): number =>
    batchWidth(
      lines.map(([width, height]) => blankImage(width, height)),
      48,
      { rec_min_width: least, rec_margin: margin, rec_width_multiple: multiple, rec_max_width: most },
    );

  it('with 320 and 1 is the reference', () => {
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

  it('is rounded up to the multiple', () => {
    expect(widths([[97, 48]], 96, 32)).toBe(128);
    expect(widths([[10, 48]], 96, 32)).toBe(96);
  });

  it('has room for the margin', () => {
    expect(widths([[120, 48]], 96, 8, 6400, 0)).toBe(120);
    expect(widths([[120, 48]], 96, 8, 6400, 4)).toBe(128);
    expect(widths([[10, 48]], 96, 8, 6400, 4)).toBe(96);
  });

  it('is bounded', () => {
    expect(widths([[30000, 48]], 96, 32)).toBe(6400);
    expect(widths([[30000, 48]], 96, 32, 6400, 4)).toBe(6400);
  });
});
