import { describe, expect, it } from 'vitest';
import { boxesOf, layoutOf, layouts, Random, type LayoutKind } from '../../../helpers/layouts.js';
import type { Quad } from '../../../../src/runtime/geometry/point.js';
import { inReadingOrder, readingOrder } from '../../../../src/runtime/ocr/order/reading-order.js';

interface Line {
  readonly text: string;
  readonly text_region: Quad;
}

describe('inReadingOrder', () => {
  it.each(Object.keys(layouts) as LayoutKind[])('orders pages of the kind: %s', (kind) => {
    const seeds = Array.from({ length: 100 }, (_, i) => 2 * i + 1);
    const wrong = seeds.filter((seed) => {
      const layout = layoutOf(kind, seed);
      const lines = linesOf(layout.lines, boxesOf(layout, seed));
      return inReadingOrder(shuffled(lines, seed)).some((line, i) => line !== lines[i]);
    });
    // Where half of the lines of two columns happen to be short, they look like a table.
    expect(wrong.length).toBeLessThanOrEqual(2);
  });

  it.each([0, 1.5, 3, -3, 8, -8, 20, -45, 44])('reads the rows of a form tilted by %d degrees', (tilt) => {
    const layout = { ...layoutOf('key-value', 3), tilt };
    const lines = linesOf(layout.lines, boxesOf(layout, 3));
    expect(inReadingOrder(shuffled(lines, 1))).toEqual(lines);
  });

  it('reads words without ascenders in the row of capitals', () => {
    const words = [
      word('Name:', 80, 45, 283, 118),
      word('Sam Example', 764, 45, 1283, 129),
      word('ABC', 1447, 45, 1613, 118),
      word('sum', 80, 203, 252, 257),
      word('1250', 764, 178, 962, 250),
      word('no', 1447, 202, 1547, 256),
      word('user', 80, 335, 260, 390),
      word('KLM 77', 764, 310, 1049, 383),
      word('run', 1447, 336, 1584, 389),
    ];
    expect(texts(shuffled(words, 5))).toEqual(words.map(({ text }) => text));
  });

  it('keeps a digit that stands close to a word in its row', () => {
    const head = [
      word('Description', 22, 547, 158, 576),
      word('U.P Iss Exc', 230, 546, 371, 574),
      word('0', 386, 552, 410, 570),
      word('Sale', 402, 549, 463, 573),
      word('Amt', 477, 547, 568, 576),
    ];
    expect(texts(shuffled(head, 3))).toEqual(head.map(({ text }) => text));
  });

  it('reads the rows of a tilted table whose short boxes lie straight', () => {
    const cells = Array.from({ length: 12 }, (_, row) =>
      Array.from({ length: 6 }, (_, column) => {
        const [left, top] = [40 + column * 300, 40 + row * 32 + column * 300 * Math.tan((2 * Math.PI) / 180)];
        return word(`${row}-${column}`, left, Math.round(top), left + 60, Math.round(top) + 20);
      }).filter((_, column) => row === 0 || (row * 5 + column * 3) % 7 < 4),
    ).flat();
    expect(texts(shuffled(cells, 6))).toEqual(cells.map(({ text }) => text));
  });

  it('reads a form of mostly empty cells row by row', () => {
    const pairs = [318, 451, 661, 800, 1001, 1136, 1339, 1478];
    const form = [
      word('Annual', 150, 238, 227, 264),
      word('Year before past year', 343, 240, 543, 264),
      word('Past year', 738, 240, 829, 264),
      word('Current year', 1062, 238, 1186, 262),
      word('manpower', 133, 262, 239, 293),
      ...pairs.map((left, i) => word(`head ${i}`, left, 301, left + (i % 2 === 0 ? 77 : 140), 326)),
      word('11', 859, 321, 879, 336),
      word('Permanent staff', 108, 364, 248, 388),
      word('12', 110, 378, 133, 402),
      word('Other staff 13', 107, 435, 224, 467),
      word('Total', 108, 491, 163, 519),
      word('Permanent staff', 110, 544, 248, 568),
      ...pairs.map((left) => word('%', left + 25, 544, left + 48, 568)),
      word('as a proportion', 110, 568, 243, 594),
      word('of total staff', 108, 590, 252, 617),
    ];
    expect(texts(shuffled(form, 8))).toEqual(form.map(({ text }) => text));
  });

  it('reads a table whose last column has cells of two lines row by row', () => {
    const row = (top: number, bottom: number): Line[] =>
      [133, 341, 478, 555].map((left, i) => word(`cell ${i}`, left, top + i, left + (i === 0 ? 123 : 75), bottom + i));
    const rows = [
      [...row(453, 484), word('head', 696, 455, 745, 482)],
      [...row(479, 510), word('one line of the first', 694, 481, 1157, 510)],
      [...row(506, 534), word('one line of the second', 698, 508, 1157, 532)],
      [...row(540, 571), word('two lines', 698, 532, 1155, 555), word('of the third', 697, 555, 825, 581)],
      [...row(590, 621), word('and two lines', 698, 580, 1135, 606), word('of the fourth', 696, 605, 1017, 629)],
    ];
    const ordered = inReadingOrder(shuffled(rows.flat(), 2));
    // Cells stand beside the gap between two lines, and come before or after the first one.
    const rowOf = (line: Line): number => rows.findIndex((own) => own.includes(line));
    expect(ordered.map(rowOf)).toEqual(rows.flatMap((own, i) => own.map(() => i)));
  });

  it('reads a heading over columns first, and a page number last', () => {
    const column = (name: string, left: number): Line[] =>
      Array.from({ length: 6 }, (_, i) => word(`${name}${i}`, left, 200 + i * 30, left + 300, 220 + i * 30));
    const page = [
      word('heading', 150, 100, 550, 140),
      ...column('a', 40),
      ...column('b', 380),
      word('12', 350, 480, 370, 500),
    ];
    expect(texts(shuffled(page, 7))).toEqual(page.map(({ text }) => text));
  });

  it('reads a side bar before the page', () => {
    const menu = Array.from({ length: 9 }, (_, i) => word(`menu ${i}`, 20, 40 + i * 33, 140, 58 + i * 33));
    const text = Array.from({ length: 14 }, (_, i) =>
      word(`text ${i}`, 300, 35 + i * 26, 900 - (i % 3) * 40, 55 + i * 26),
    );
    expect(texts(shuffled([...menu, ...text], 9))).toEqual([...menu, ...text].map(({ text: own }) => own));
  });

  it('reads vertical text from right to left, and a note in the margin last', () => {
    const column = (text: string, left: number, bottom: number): Line => word(text, left, 20, left + 30, bottom);
    const columns = [
      column('昨夜夜半枕上分明夢見', 300, 380),
      column('語多時依舊桃花面', 240, 310),
      column('頻低柳葉眉半羞還半喜', 180, 380),
      column('欲去又依依覺來知是夢', 120, 380),
      column('不勝悲', 60, 130),
    ];
    expect(texts(shuffled(columns, 2))).toEqual(columns.map(({ text }) => text));
    const page = Array.from({ length: 8 }, (_, i) => word(`A line of a page ${i}`, 400, 20 + i * 40, 900, 50 + i * 40));
    expect(texts(shuffled([...columns, ...page], 4))).toEqual([...page, ...columns].map(({ text }) => text));
  });

  it('does not take a tall digit for vertical text', () => {
    const row = [word('I', 100, 10, 110, 40), word('1', 140, 10, 150, 40), word('l', 180, 10, 190, 40)];
    expect(texts(shuffled(row, 1))).toEqual(['I', '1', 'l']);
  });

  it('reads lines by their place, whichever way they are turned', () => {
    const rows = ['a', 'b', 'c', 'd'].map((text, i) => word(text, 40, 40 + i * 40, 240, 70 + i * 40));
    const turned = rows.map((row, i): Line => {
      const [a, b, c, d] = row.text_region;
      return { ...row, text_region: i === 2 ? [c, d, a, b] : [a, b, c, d] };
    });
    expect(texts(shuffled(turned, 3))).toEqual(['a', 'b', 'c', 'd']);
    const columns = ['ab', 'cd', 'ef'].map((text, i) => word(text, 300 - i * 60, 20, 330 - i * 60, 320));
    const sideways = columns.map((column): Line => {
      const [a, b, c, d] = column.text_region;
      return { ...column, text_region: [b, c, d, a] };
    });
    expect(texts(shuffled(sideways, 3))).toEqual(['ab', 'cd', 'ef']);
  });

  it('needs no texts', () => {
    const layout = layoutOf('vertical', 1);
    const boxes = boxesOf(layout, 1);
    expect(readingOrder(shuffled(boxes, 1))).toEqual(boxes);
  });

  it('keeps all lines, whatever their corners', () => {
    const random = new Random(3);
    const corner = (): [number, number] => [random.below(40) - 10, random.below(40) - 10];
    for (let round = 0; round < 200; round++) {
      const point = corner();
      const boxes: Quad[] = [
        [point, point, point, point],
        [
          [0, 0],
          [9, 0],
          [9, 0],
          [0, 0],
        ],
        [
          [0, 0],
          [0, 0],
          [0, 9],
          [0, 9],
        ],
        [
          [0, 0],
          [9, 9],
          [9, 0],
          [0, 9],
        ],
        ...Array.from({ length: random.below(30) }, (): Quad => [corner(), corner(), corner(), corner()]),
      ];
      const ordered = readingOrder(boxes);
      expect(new Set(ordered)).toEqual(new Set(boxes));
      expect(ordered).toHaveLength(boxes.length);
    }
    expect(readingOrder([])).toEqual([]);
  });

  it('gives the same order for boxes in any order', () => {
    const random = new Random(11);
    for (let round = 0; round < 50; round++) {
      const boxes = Array.from({ length: 120 }, () => randomBox(random));
      expect(readingOrder(shuffled(boxes, round))).toEqual(readingOrder(boxes));
    }
  });

  it.each(hostile)(
    'orders 4,000 boxes that are %s in eight times the time of 1,000, at most',
    (_name, boxesOfCount) => {
      const [few, many] = [boxesOfCount(1000), boxesOfCount(4000)];
      // The least of several runs: others share the processor.
      const fastest = (boxes: readonly Quad[]): number =>
        Math.min(
          ...Array.from({ length: 5 }, () => {
            const start = process.cpuUsage();
            readingOrder(boxes);
            const { user, system } = process.cpuUsage(start);
            return user + system;
          }),
        );
      fastest(few);
      expect(fastest(many) / fastest(few)).toBeLessThan(8);
    },
  );

  it('does not change its argument', () => {
    const lines = [word('b', 0, 50, 90, 70), word('a', 0, 10, 90, 30)];
    inReadingOrder(lines);
    expect(lines.map(({ text }) => text)).toEqual(['b', 'a']);
  });
});

const hostile: [name: string, boxesOfCount: (count: number) => Quad[]][] = [
  ['side by side', (count) => Array.from({ length: count }, (_, i) => rectangle(i * 60, (i * 7) % 10, 50, 20))],
  ['below each other', (count) => Array.from({ length: count }, (_, i) => rectangle((i * 7) % 100, i * 30, 50, 20))],
  ['on a diagonal', (count) => Array.from({ length: count }, (_, i) => rectangle(i * 30, i * 30, 25, 20))],
  ['all the same', (count) => Array.from({ length: count }, () => rectangle(5, 5, 50, 20))],
  ['tall and all the same', (count) => Array.from({ length: count }, () => rectangle(5, 5, 20, 90))],
  [
    'inside each other',
    (count) => Array.from({ length: count }, (_, i) => rectangle(i, i, 10 * count - 2 * i, 10 * count - 2 * i)),
  ],
];

function linesOf(lines: readonly { readonly text: string }[], boxes: readonly Quad[]): Line[] {
  return boxes.map((box, i) => ({ text: lines[i]?.text ?? '', text_region: box }));
}

function word(text: string, left: number, top: number, right: number, bottom: number): Line {
  return { text, text_region: rectangle(left, top, right - left, bottom - top) };
}

function rectangle(left: number, top: number, width: number, height: number): Quad {
  return [
    [left, top],
    [left + width, top],
    [left + width, top + height],
    [left, top + height],
  ];
}

function texts(lines: readonly Line[]): string[] {
  return inReadingOrder(lines).map(({ text }) => text);
}

function shuffled<T>(values: readonly T[], seed: number): T[] {
  const random = new Random(seed + 1);
  const rest = [...values];
  return values.flatMap(() => rest.splice(random.below(rest.length), 1));
}

function randomBox(random: Random): Quad {
  return rectangle(random.below(900), random.below(900), 5 + random.below(200), 5 + random.below(60));
}
