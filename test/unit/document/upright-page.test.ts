import { describe, expect, it } from 'vitest';
import type { Point, Quad } from '../../../src/runtime/geometry/point.js';
import { inFile, uprightPage } from '../../../src/runtime/document/upright-page.js';
import { line, readPage, rectangle, word } from '../../helpers/read-documents.js';

/** Corners of a text that runs in a direction, within 20, 10 and 100, 30 or the like. */
const running: Readonly<Record<string, Quad>> = {
  right: rectangle(20, 10, 100, 30),
  left: [[100, 30], [20, 30], [20, 10], [100, 10]], // prettier-ignore
  down: [[40, 5], [40, 85], [20, 85], [20, 5]], // prettier-ignore
  up: [[20, 85], [20, 5], [40, 5], [40, 85]], // prettier-ignore
};

describe('uprightPage', () => {
  it.each([
    ['right', 0, [200, 100]],
    ['up', 90, [100, 200]],
    ['left', 180, [200, 100]],
    ['down', 270, [100, 200]],
  ] as const)('turns a page whose lines run %s by %i degrees', (direction, rotation, size) => {
    const region = running[direction] ?? rectangle(0, 0, 1, 1);
    const page = readPage([line('several words', region, [word('several', region)])]);
    const turned = uprightPage(page);
    expect([turned.rotation, turned.width, turned.height]).toEqual([rotation, ...size]);
    const [[ax, ay], [bx, by]] = turned.lines[0]?.text_region ?? rectangle(0, 0, 0, 0);
    expect([bx > ax, by === ay]).toEqual([true, true]);
    expect(turned.lines[0]?.words?.[0]?.region).toEqual(turned.lines[0]?.text_region);
    const back = turned.lines[0]?.text_region.map((corner: Point) => inFile(corner, turned));
    expect(back).toEqual(region);
  });

  it('follows the letters, not the number of lines', () => {
    const lines = [
      line('a', running['left'] ?? rectangle(0, 0, 1, 1)),
      line('b', running['left'] ?? rectangle(0, 0, 1, 1)),
    ];
    const long = line('much longer', running['right'] ?? rectangle(0, 0, 1, 1));
    expect(uprightPage(readPage([...lines, long])).rotation).toBe(0);
    expect(uprightPage(readPage(lines)).rotation).toBe(180);
    expect(uprightPage(readPage([])).rotation).toBe(0);
  });
});
