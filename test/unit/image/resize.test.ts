import { describe, expect, it } from 'vitest';
import type { Image } from '../../../src/runtime/image/image.js';
import { blendRow, eachInterpolatedRow, resize, roundHalfEven } from '../../../src/runtime/image/resize.js';
import { rotate180, rotate90Ccw } from '../../../src/runtime/image/rotate.js';
import { normalization, writeResized } from '../../../src/runtime/image/tensor.js';
import { warpPerspective } from '../../../src/runtime/image/warp.js';

function gray(width: number, values: number[]): Image {
  return {
    width,
    height: values.length / width,
    data: Uint8Array.from(values.flatMap((value) => [value, value, value])),
  };
}

function valuesOf({ data }: Image): number[] {
  return [...data.filter((_, i) => i % 3 === 0)];
}

describe('resize', () => {
  it('does not change a picture that already has the size', () => {
    const image = gray(2, [1, 2, 3, 4]);
    expect(resize(image, 2, 2).data).toEqual(image.data);
  });

  it('samples at half-pixel centers without smoothing, as OpenCV does', () => {
    expect(valuesOf(resize(gray(2, [0, 100]), 4, 1))).toEqual([0, 25, 75, 100]);
    expect(valuesOf(resize(gray(6, [0, 255, 0, 0, 255, 0]), 2, 1))).toEqual([255, 255]);
  });

  it('averages four pixels if the size is exactly halved', () => {
    expect(valuesOf(resize(gray(2, [0, 1, 1, 1]), 1, 1))).toEqual([1]);
  });
});

describe('eachInterpolatedRow', () => {
  it('computes the same rows for a part as for the whole picture', () => {
    const image = gray(
      23,
      Array.from({ length: 23 * 17 }, (_, i) => (i * 97) % 256),
    );
    const size = { width: 14, height: 31 };
    const whole = resize(image, size.width, size.height);
    for (const x of [0, 3, 9]) {
      const part = { x, y: 2 * x, width: 5, height: 13 };
      eachInterpolatedRow(image, size, part, (row, y) => {
        const from = ((part.y + y) * size.width + x) * 3;
        const blended = new Uint8Array(part.width * 3);
        blendRow(row, blended);
        expect(blended).toEqual(whole.data.slice(from, from + part.width * 3));
      });
    }
  });
});

describe('roundHalfEven', () => {
  it.each([
    [0.5, 0],
    [1.5, 2],
    [2.5, 2],
    [-0.5, -0],
    [2.4, 2],
    [2.6, 3],
  ])('rounds %d to %d', (value, rounded) => {
    expect(roundHalfEven(value)).toBe(rounded);
  });
});

describe('writeResized', () => {
  it('writes the planes B, G, R and leaves the columns right of the picture unchanged', () => {
    const data = new Float32Array(6).fill(-1);
    const image: Image = { width: 1, height: 1, data: Uint8Array.of(10, 20, 30) };
    const tables = normalization((value, channel) => value + channel * 100);
    writeResized(image, 1, { data, offset: 0, stride: 2, height: 1 }, tables);
    expect([...data]).toEqual([30, -1, 120, -1, 210, -1]);
  });
});

describe('rotations', () => {
  const image = gray(3, [1, 2, 3, 4, 5, 6]);

  it('rotate by a quarter counterclockwise', () => {
    const turned = rotate90Ccw(image);
    expect([turned.width, turned.height]).toEqual([2, 3]);
    expect(valuesOf(turned)).toEqual([3, 6, 2, 5, 1, 4]);
  });

  it('rotate by a half', () => {
    expect(valuesOf(rotate180(image))).toEqual([6, 5, 4, 3, 2, 1]);
  });
});

describe('warpPerspective', () => {
  const image = gray(
    4,
    Array.from({ length: 16 }, (_, i) => i * 10),
  );

  it('crops an upright rectangle exactly', () => {
    expect(
      valuesOf(
        warpPerspective(
          image,
          [
            [1, 1],
            [3, 1],
            [3, 3],
            [1, 3],
          ],
          2,
          2,
        ),
      ),
    ).toEqual([50, 60, 90, 100]);
  });

  it('repeats the edge pixels outside the picture', () => {
    expect(
      valuesOf(
        warpPerspective(
          image,
          [
            [-2, 0],
            [2, 0],
            [2, 1],
            [-2, 1],
          ],
          4,
          1,
        ),
      ),
    ).toEqual([0, 0, 0, 10]);
  });

  it('rotates the picture if the corners begin elsewhere', () => {
    expect(
      valuesOf(
        warpPerspective(
          image,
          [
            [3, 0],
            [3, 3],
            [0, 3],
            [0, 0],
          ],
          3,
          3,
        ),
      ).slice(0, 3),
    ).toEqual([30, 70, 110]);
  });

  it('returns the first pixel for corners without an area', () => {
    expect(
      valuesOf(
        warpPerspective(
          image,
          [
            [1, 1],
            [2, 2],
            [3, 3],
            [2, 2],
          ],
          2,
          1,
        ),
      ),
    ).toEqual([0, 0]);
  });
});
