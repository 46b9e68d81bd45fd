import { describe, expect, it } from 'vitest';
import type { Quad } from '../../../../src/runtime/geometry/point.js';
import { blankImage, type Image } from '../../../../src/runtime/image/image.js';
import { frameSmall, outOfFrame } from '../../../../src/runtime/ocr/detect/frame.js';
import { detectorParams } from '../../../../src/runtime/ocr/detect/params.js';
import { detectorSize } from '../../../../src/runtime/ocr/detect/resize-rule.js';

const params = detectorParams.parse({});

describe('frameSmall', () => {
  it.each([
    [21, 25, 96, 128],
    [1, 1, 96, 96],
    [95, 95, 128, 128],
    [400, 40, 576, 96],
  ])('enlarges a picture of %i x %i to %i x %i at the detector', (width, height, wide, high) => {
    const { image, overlay } = framed(blankImage(width, height));
    expect(detectorSize(image, { ...params, ...overlay })).toEqual({ width: wide, height: high });
  });

  it.each([
    [1436, 36],
    [2000, 100],
    [36, 1436],
  ])('keeps the proportions of a strip of %i x %i, to two percent', (width, height) => {
    const { image, overlay } = framed(blankImage(width, height));
    const size = detectorSize(image, { ...params, ...overlay });
    const [across, down] = [size.width / image.width, size.height / image.height];
    expect(Math.abs(across / down - 1)).toBeLessThan(0.02);
    expect(across).toBeCloseTo(960 / 1436, width === 2000 ? 0 : 2);
  });

  it.each([
    ['a page', { width: 400, height: 300 }, {}],
    ['a line of 96 rows', { width: 800, height: 96 }, {}],
    ['no border', { width: 20, height: 20 }, { det_border: 0 }],
    ['the original', { width: 20, height: 20 }, { det_border: 0, det_slice: false }],
  ])('is for small pictures with a border, not for %s', (_, { width, height }, given) => {
    expect(frameSmall(blankImage(width, height), detectorParams.parse(given))).toBeUndefined();
  });

  it('has the ground along the edges of the picture, and the picture in its middle', () => {
    const picture = blankImage(20, 10);
    for (let at = 0; at < picture.data.length; at += 3) picture.data.set([200, 210, 220], at);
    picture.data.set([1, 2, 3], 0);
    // Part of a letter: a stroke with two ends.
    for (const x of [8, 9, 10, 11])
      for (const y of [4, 5, 6]) picture.data.fill(0, (y * 20 + x) * 3, (y * 20 + x + 1) * 3);
    const { image, left, top } = framed(picture);
    expect([...image.data.subarray(0, 3)]).toEqual([200, 210, 220]);
    expect([...image.data.subarray(-3)]).toEqual([200, 210, 220]);
    const at = (top * image.width + left) * 3;
    expect([...image.data.subarray(at, at + 6)]).toEqual([1, 2, 3, 200, 210, 220]);
  });

  it('has no frame of more than 16 megapixels', () => {
    expect(frameSmall(blankImage(1, 60_000), { ...params, det_slice: false })).toBeUndefined();
  });

  it('is not for stripes, which would look like letters inside a frame', () => {
    const stripes = blankImage(24, 24);
    stripes.data.forEach((_, at) => (stripes.data[at] = Math.floor(at / 3) % 8 < 3 ? 90 : 200));
    expect(frameSmall(stripes, params)).toBeUndefined();
  });

  it('is not framed again', () => {
    const { image, overlay } = framed(blankImage(30, 12));
    expect(frameSmall(image, { ...params, ...overlay })).toBeUndefined();
  });
});

describe('outOfFrame', () => {
  const frame = framed(blankImage(30, 12));
  const { left, top } = frame;

  it('moves a box to the picture and clips it', () => {
    expect(outOfFrame(rectangle(left - 4, top + 2, left + 50, top + 40), frame)).toEqual(rectangle(0, 2, 29, 11));
  });

  it('leaves out what lies in the frame', () => {
    expect(outOfFrame(rectangle(0, 0, left - 1, top + 5), frame)).toBeUndefined();
    expect(outOfFrame(rectangle(left, top + 12, left + 20, top + 30), frame)).toBeUndefined();
  });
});

function framed(image: Image) {
  const frame = frameSmall(image, params);
  if (frame === undefined) throw new Error('no frame');
  return frame;
}

function rectangle(left: number, top: number, right: number, bottom: number): Quad {
  return [
    [left, top],
    [right, top],
    [right, bottom],
    [left, bottom],
  ];
}
