import { expect, it } from 'vitest';
import { objectKinds, type PageObject } from '../../../src/runtime/pdf/pdf-page.js';
import { scanResolution } from '../../../src/runtime/pdf/scan-resolution.js';

/** A page of 8 x 10 inches with one picture that fills it, or has these sides. */
function resolutionOf(width: number, height: number, sides: readonly [number, number] = [8, 10]): number | undefined {
  const picture: PageObject = { kind: objectKinds.image, pixels: { width, height }, sides };
  return scanResolution({
    inches: [8, 10],
    *objects() {
      yield picture;
    },
  });
}

it.each([
  ['of 300', 2400, 3000, 300],
  ['of 36, the least that a request may ask for', 288, 360, 36],
])('a page that is one picture has its resolution: %s', (_, width, height, dpi) => {
  expect(resolutionOf(width, height)).toBe(dpi);
});

it.each([
  ['less than 36', 287, 359],
  ['a single pixel, whose mask may hold the page', 1, 1],
  ['negative sides', -100, -100],
  ['no sides', 0, 0],
])('a resolution at which nothing can be read is none: %s', (_, width, height) => {
  expect(resolutionOf(width, height)).toBeUndefined();
});

it.each([
  ['no numbers', [NaN, NaN]],
  ['endless', [Infinity, Infinity]],
  ['nothing', [0, 0]],
] as const)('a frame that is %s gives no resolution', (_, sides) => {
  expect(resolutionOf(2400, 3000, sides)).toBeUndefined();
});
