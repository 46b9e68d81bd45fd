import { describe, expect, it } from 'vitest';
import { blankImage, type Image } from '../../../../src/runtime/image/image.js';
import type { Region } from '../../../../src/runtime/image/resize.js';
import { textContours, type ProbabilityMap } from '../../../../src/runtime/ocr/detect/db-postprocess.js';
import { detectorParams } from '../../../../src/runtime/ocr/detect/params.js';
import { smallPrintOf } from '../../../../src/runtime/ocr/detect/small-print.js';

const params = detectorParams.parse({});

describe('smallPrintOf', () => {
  it.each([
    ['an empty page', []],
    ['lines of ordinary print', rows(100, 700, 14, (y) => [{ x: 80, y, width: 500, height: 7 }])],
    ['lines that are just high enough', rows(100, 700, 12, (y) => [{ x: 80, y, width: 500, height: 5 }])],
    ['a few specks', rows(100, 700, 200, (y) => [{ x: y, y, width: 4, height: 3 }])],
    ['a hyphen of ten pixels', [{ x: 300, y: 300, width: 10, height: 3 }]],
  ])('finds none on %s', (_, lines) => {
    expect(found(mapOf(lines))).toEqual([]);
  });

  it('finds a whole page of lines that are three pixels high', () => {
    const lines = rows(100, 700, 8, (y) => [{ x: 80, y, width: 500, height: 4 }]);
    expect(found(mapOf(lines))).toEqual([
      { area: { x: 32, y: 64, width: 608, height: 672 }, enlarge: 2, minEnlarge: 1.5 },
    ]);
  });

  it('finds a footnote, and leaves out the text above', () => {
    const text = rows(40, 400, 14, (y) => [{ x: 80, y, width: 500, height: 7 }]);
    const [print, ...more] = found(mapOf([...text, { x: 80, y: 600, width: 60, height: 4 }]));
    expect(more).toEqual([]);
    expect(print?.area.y).toBeGreaterThan(400);
    expect(holds(print?.area, { x: 80, y: 600, width: 60, height: 4 })).toBe(true);
  });

  it('finds a tilted line of small print', () => {
    const steps = Array.from({ length: 100 }, (_, i) => ({ x: 100 + 3 * i, y: 200 + i, width: 4, height: 3 }));
    expect(found(mapOf(steps))).toHaveLength(1);
  });

  it('takes a line whole of which a part lies in the small print', () => {
    const wide = { x: 100, y: 310, width: 700, height: 8 };
    const [print] = found(mapOf([{ x: 80, y: 300, width: 60, height: 4 }, wide]));
    expect(holds(print?.area, wide)).toBe(true);
  });

  it('parts two tables of small print at both ends of a page', () => {
    const table = (top: number): Region[] => rows(top, top + 80, 8, (y) => [{ x: 80, y, width: 200, height: 4 }]);
    expect(found(mapOf([...table(64), ...table(640)]))).toHaveLength(2);
  });

  it('finds print that lights the map faintly, where it has no line', () => {
    const letters = rows(200, 400, 6, (y) => rows(100, 400, 8, (x) => [{ x, y, width: 3, height: 2 }]));
    const [print, ...more] = found(mapOf(letters, 0.1));
    expect(more).toEqual([]);
    expect(print).toMatchObject({ enlarge: 3, minEnlarge: 2.4 });
    expect(holds(print?.area, { x: 100, y: 200, width: 300, height: 200 })).toBe(true);
  });

  it('takes faint light around ordinary lines for no print', () => {
    const map = mapOf(
      rows(100, 700, 30, (y) => [{ x: 80, y, width: 500, height: 12 }]),
      0.1,
    );
    const lines = mapOf(rows(100, 700, 30, (y) => [{ x: 84, y: y + 3, width: 492, height: 6 }]));
    lines.data.forEach((value, at) => (map.data[at] = Math.max(value, map.data[at] ?? 0)));
    expect(found(map)).toEqual([]);
  });

  it('finds print that leaves the map dark, on an empty page or beside small print that shows', () => {
    const image = printed({ x: 200, y: 200, width: 1600, height: 600 });
    expect(found(mapOf([]), image)).toMatchObject([{ enlarge: 3 }]);
    const [print] = found(mapOf([{ x: 80, y: 60, width: 60, height: 4 }]), image);
    expect(holds(print?.area, { x: 80, y: 80, width: 600, height: 220 })).toBe(true);
  });

  it('does not search pages of ordinary print, textures and pictures that are shrunk little', () => {
    const image = printed({ x: 200, y: 200, width: 1600, height: 600 });
    expect(found(mapOf([{ x: 80, y: 600, width: 500, height: 7 }]), image)).toEqual([]);
    // Its edges are those of cells.
    expect(found(mapOf([]), printed({ x: 160, y: 160, width: 1600, height: 640 }, 1))).toEqual([]);
    expect(found(mapOf([]), { ...image, width: 1200, height: 3680 })).toEqual([]);
  });
});

/** A white picture of 2400 x 1840 px with strokes of 2 px in every other group of ten rows, or in all rows. */
function printed({ x, y, width, height }: Region, every = 2): Image {
  const image = { width: 2400, height: 1840, data: new Uint8Array(2400 * 1840 * 3).fill(255) };
  for (let row = y; row < y + height; row++) {
    if (Math.floor(row / 10) % every !== 0) continue;
    for (let at = x; at < x + width; at++)
      if (at % 5 < 2) image.data.fill(0, (row * 2400 + at) * 3, (row * 2400 + at) * 3 + 3);
  }
  return image;
}

function found(map: ProbabilityMap, image: Image = blankImage(1440, 1104)) {
  return smallPrintOf(map, textContours(map, params), image);
}

function rows(from: number, to: number, pitch: number, at: (position: number) => readonly Region[]): Region[] {
  return Array.from({ length: Math.ceil((to - from) / pitch) }, (_, i) => at(from + i * pitch)).flat();
}

function mapOf(lines: readonly Region[], value = 0.9): ProbabilityMap {
  const map = { width: 960, height: 736, data: new Float32Array(960 * 736) };
  for (const { x, y, width, height } of lines)
    for (let row = y; row < y + height; row++) map.data.fill(value, row * 960 + x, row * 960 + x + width);
  return map;
}

function holds(area: Region | undefined, { x, y, width, height }: Region): boolean {
  if (area === undefined) return false;
  return area.x <= x && area.y <= y && area.x + area.width >= x + width && area.y + area.height >= y + height;
}
