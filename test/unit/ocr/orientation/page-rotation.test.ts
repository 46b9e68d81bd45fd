import { describe, expect, it } from 'vitest';
import type { Point, Quad } from '../../../../src/runtime/geometry/point.js';
import { blankImage, type Image } from '../../../../src/runtime/image/image.js';
import { rotate180, rotate90Ccw } from '../../../../src/runtime/image/rotate.js';
import { TextSystem, type TextSystemOptions } from '../../../../src/runtime/ocr/text-system.js';

/*
 * Pages of this test are black, and line i is a rectangle of the gray 10 + i whose first quarter is 110 + i. The stub of the
 * detector finds the rectangles, and that of the recognizer is sure of a line whose first quarter is on its left.
 */

const lines: readonly { readonly box: readonly [x: number, y: number, width: number, height: number] }[] = [
  { box: [10, 5, 60, 8] },
  { box: [10, 20, 40, 8] },
  { box: [10, 35, 50, 8] },
  { box: [10, 50, 44, 8] },
  { box: [10, 65, 56, 8] },
];

function drawPage(upsideDown: readonly number[] = []): Image {
  const page = blankImage(100, 80);
  lines.forEach(({ box: [left, top, width, height] }, i) => {
    for (let y = top; y < top + height; y++) {
      for (let x = left; x < left + width; x++) {
        const isStart = upsideDown.includes(i) ? x >= left + (width * 3) / 4 : x < left + width / 4;
        page.data.fill((isStart ? 110 : 10) + i, (y * 100 + x) * 3, (y * 100 + x) * 3 + 3);
      }
    }
  });
  return page;
}

/** Turned clockwise. */
function turned(page: Image, degrees: 0 | 90 | 180 | 270): Image {
  const quarter = rotate180(rotate90Ccw(page));
  return { 0: page, 90: quarter, 180: rotate180(page), 270: rotate90Ccw(page) }[degrees];
}

function lineAt({ data, width }: Image, x: number, y: number): { index: number; isStart: boolean } | undefined {
  const value = data[(y * width + x) * 3] ?? 0;
  return value === 0 ? undefined : { index: (value % 100) - 10, isStart: value >= 100 };
}

function findBoxes(page: Image): Quad[] {
  return lines.map((_, index) => {
    const xs: number[] = [];
    const ys: number[] = [];
    for (let y = 0; y < page.height; y++) {
      for (let x = 0; x < page.width; x++) {
        if (lineAt(page, x, y)?.index !== index) continue;
        xs.push(x);
        ys.push(y);
      }
    }
    const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
    return [
      [left, top],
      [right, top],
      [right, bottom],
      [left, bottom],
    ];
  });
}

function system(params: TextSystemOptions = {}) {
  const counts = { detected: 0, read: 0 };
  const read = new TextSystem({
    detector: {
      detect: (page) => {
        counts.detected++;
        // In any order.
        return Promise.resolve(findBoxes(page).toReversed());
      },
    },
    recognizer: {
      recognize: (crops) => {
        counts.read += crops.length;
        return Promise.resolve(
          crops.map((crop) => {
            const [first, last] = [1, crop.width - 2].map((x) => lineAt(crop, x, Math.floor(crop.height / 2)));
            const index = first?.index ?? -1;
            return { text: `line ${index}`, confidence: first?.isStart === true ? 0.99 : last?.isStart ? 0.6 : 0.1 };
          }),
        );
      },
    },
    params,
  });
  return { read: (page: Image) => read.read(page), counts };
}

/** Of a line that was not read. */
const noRegion: Quad = [
  [0, 0],
  [0, 0],
  [0, 0],
  [0, 0],
];

/** Where the text of a line begins: the middle of the side between its first and its last corner. */
function startOf([a, , , d]: Quad): Point {
  return [Math.round((a[0] + d[0]) / 2), Math.round((a[1] + d[1]) / 2)];
}

describe('page_rotation: auto', () => {
  it.each([0, 90, 180, 270] as const)(
    'reads a page turned by %i degrees, in the order of the upright page',
    async (degrees) => {
      const page = turned(drawPage(), degrees);
      const answer = await system().read(page);
      expect(answer.map(({ text, confidence }) => [text, confidence])).toEqual(
        lines.map((_, i) => [`line ${i}`, 0.99]),
      );
      answer.forEach(({ text_region }, i) => {
        expect(lineAt(page, ...startOf(text_region))).toEqual({ index: i, isStart: true });
      });
    },
  );

  it('orders vertical text, which reads as a page turned by 90 degrees, as it stands in the given page', async () => {
    // A heading over three columns.
    const places = [
      { text: '春風', box: [20, 5, 50, 8] },
      { text: '花鳥風月', box: [80, 20, 8, 50] },
      { text: '山川草木', box: [60, 20, 8, 50] },
      { text: '雨雪', box: [40, 20, 8, 30] },
    ] as const;
    const page = blankImage(100, 80);
    places.forEach(({ box: [left, top, width, height] }, i) => {
      for (let y = top; y < top + height; y++)
        page.data.fill(10 + i, (y * 100 + left) * 3, (y * 100 + left + width) * 3);
    });
    const read = new TextSystem({
      detector: { detect: (image) => Promise.resolve(findBoxes(image).slice(0, 4)) },
      recognizer: {
        recognize: (crops) =>
          Promise.resolve(
            crops.map((crop) => {
              const index = lineAt(crop, Math.floor(crop.width / 2), Math.floor(crop.height / 2))?.index ?? 0;
              return { text: places[index]?.text ?? '', confidence: 0.99 };
            }),
          ),
      },
    });
    const answer = await read.read(page);
    expect(answer.map(({ text }) => text)).toEqual(places.map(({ text }) => text));
  });

  it('does not turn a table for its narrow letters, which read as sure dashes on their side', async () => {
    const places = [
      { text: 'Class', box: [10, 5, 40, 8] },
      { text: 'I', box: [10, 20, 4, 8] },
      { text: 'II', box: [10, 35, 5, 8] },
      { text: 'I', box: [10, 50, 4, 8] },
      { text: 'I', box: [10, 65, 4, 8] },
    ] as const;
    const page = blankImage(100, 80);
    places.forEach(({ box: [left, top, width, height] }, i) => {
      for (let y = top; y < top + height; y++)
        page.data.fill(10 + i, (y * 100 + left) * 3, (y * 100 + left + width) * 3);
    });
    const read = new TextSystem({
      detector: { detect: (image) => Promise.resolve(findBoxes(image)) },
      recognizer: {
        recognize: (crops) =>
          Promise.resolve(
            crops.map((crop) => {
              const index = lineAt(crop, Math.floor(crop.width / 2), Math.floor(crop.height / 2))?.index ?? 0;
              const isLying = index > 0 && crop.width > crop.height;
              return isLying ? { text: '一', confidence: 0.98 } : { text: places[index]?.text ?? '', confidence: 0.9 };
            }),
          ),
      },
    });
    const answer = await read.read(page);
    expect(answer.map(({ text }) => text)).toEqual(places.map(({ text }) => text));
  });

  it('detects once and reads each line once on an upright page', async () => {
    const { read, counts } = system();
    await read(drawPage());
    expect(counts).toEqual({ detected: 1, read: 5 });
  });

  it.each([0, 90, 180, 270] as const)(
    'turns a single line that is upside down, on a page turned by %i degrees',
    async (degrees) => {
      const page = turned(drawPage([1]), degrees);
      const answer = await system().read(page);
      expect(answer.map(({ text, confidence }) => [text, confidence])).toEqual(
        lines.map((_, i) => [`line ${i}`, 0.99]),
      );
      expect(lineAt(page, ...startOf(answer[1]?.text_region ?? noRegion))).toEqual({
        index: 1,
        isStart: true,
      });
    },
  );

  it('turns several lines of a page, each by its own text', async () => {
    const page = drawPage([0, 2]);
    const answer = await system().read(page);
    expect(answer.map(({ text, confidence }) => [text, confidence])).toEqual(lines.map((_, i) => [`line ${i}`, 0.99]));
    answer.forEach(({ text_region }, i) => {
      expect(lineAt(page, ...startOf(text_region))).toEqual({ index: i, isStart: true });
    });
  });

  it('reads a page as it is if no direction is surer', async () => {
    const answer = await system({ drop_score: 0 }).read({
      ...drawPage(),
      data: drawPage().data.map((value) => value % 100),
    });
    expect(answer.map(({ confidence }) => confidence)).toEqual(lines.map(() => 0.1));
  });
});

describe('page_rotation as a number', () => {
  it('turns each page, and tries no other direction', async () => {
    const { read, counts } = system({ page_rotation: 270 });
    const page = turned(drawPage(), 270);
    const answer = await read(page);
    expect(answer.map(({ text }) => text)).toEqual(lines.map((_, i) => `line ${i}`));
    expect(lineAt(page, ...startOf(answer[2]?.text_region ?? noRegion))).toEqual({
      index: 2,
      isStart: true,
    });
    expect(counts).toEqual({ detected: 1, read: 5 });
  });

  it('0 reads a page as it is', async () => {
    const answer = await system({ page_rotation: 0 }).read(turned(drawPage(), 180));
    expect(answer.map(({ confidence }) => confidence)).toEqual(lines.map(() => 0.6));
  });
});
