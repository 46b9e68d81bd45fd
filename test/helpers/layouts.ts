import type { Quad } from '../../src/runtime/geometry/point.js';

/** A page of a kind, with its lines in reading order. */
export interface Layout {
  readonly kind: string;
  readonly width: number;
  readonly height: number;
  /** Degrees clockwise by which the page is turned about its center. */
  readonly tilt: number;
  readonly lines: readonly LayoutLine[];
}

export interface LayoutLine {
  readonly text: string;
  /** The left end of the baseline, or the middle of the top of vertical text. */
  readonly x: number;
  readonly y: number;
  /** Of the font. */
  readonly size: number;
  readonly vertical?: boolean;
}

type Maker = (random: Random) => Omit<Layout, 'kind'>;

/** Makes pages of each kind. A seed gives the same page each time; even seeds are for choosing rules, odd ones for judging them. */
export const layouts = {
  'key-value': keyValue,
  'large letters': largeLetters,
  table,
  'table of wrapped cells': wrappedTable,
  'table with empty cells': (random) => sparseTable(random, value),
  'table of long cells with empty ones': (random) => sparseTable(random, longValue),
  'two columns': (random) => columns(random, 2),
  'three columns': (random) => columns(random, 3),
  'side bar': sideBar,
  receipt,
  vertical: (random) => vertical(random, 1),
  'vertical in tiers': (random) => vertical(random, 2),
  'vertical beside horizontal': verticalBeside,
  'vertical under a heading': verticalUnder,
} as const satisfies Record<string, Maker>;

export type LayoutKind = keyof typeof layouts;

export function layoutOf(kind: LayoutKind, seed: number): Layout {
  const make: Maker = layouts[kind];
  return { kind, ...make(new Random(seed * 7919 + kind.length * 104_729 + 1)) };
}

/** The boxes that a detector would draw: a little larger than the print, and never exact. */
export function boxesOf({ width, height, tilt, lines }: Layout, seed: number): Quad[] {
  const random = new Random(seed + 17);
  const [cos, sin] = [Math.cos((tilt * Math.PI) / 180), Math.sin((tilt * Math.PI) / 180)];
  const turned = (x: number, y: number): [number, number] => {
    const [dx, dy] = [x - width / 2, y - height / 2];
    return [Math.round(dx * cos - dy * sin + width / 2), Math.round(dx * sin + dy * cos + height / 2)];
  };
  return lines.map((line) => {
    const { left, top, right, bottom } = printOf(line);
    const margin = (): number => line.size * random.between(0.08, 0.2);
    const [l, t, r, b] = [left - margin(), top - margin(), right + margin(), bottom + margin()];
    return [turned(l, t), turned(r, t), turned(r, b), turned(l, b)];
  });
}

/** The width of a text in font sizes, for a common sans-serif font. */
function lengthOf(text: string): number {
  return Array.from(text).reduce((sum, letter) => sum + (/[\u{2e80}-\u{ffff}]/u.test(letter) ? 1 : 0.57), 0);
}

function printOf({ text, x, y, size, vertical }: LayoutLine): {
  left: number;
  top: number;
  right: number;
  bottom: number;
} {
  const length = lengthOf(text) * size;
  if (vertical === true) return { left: x - size / 2, right: x + size / 2, top: y, bottom: y + length };
  const ascent = /[A-Zbdfhklt0-9\u{2e80}-\u{ffff}]/u.test(text) ? 0.74 : 0.54;
  const descent = /[gjpqy,\u{2e80}-\u{ffff}]/u.test(text) ? 0.2 : 0.02;
  return { left: x, right: x + length, top: y - ascent * size, bottom: y + descent * size };
}

/** Repeatable random numbers. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = (seed % 2_147_483_646) + 1;
    for (let i = 0; i < 5; i++) this.below(2);
  }

  below(end: number): number {
    this.#state = (this.#state * 48_271) % 2_147_483_647;
    return this.#state % end;
  }

  between(from: number, to: number): number {
    return from + ((to - from) * this.below(100_000)) / 100_000;
  }

  one<T>(values: readonly T[]): T {
    return values[this.below(values.length)] as T;
  }
}

const words =
  'the river market sum user near copper garden window paper area run green station number coffee no one harbour street zero ticket can ever sun summer ocean maker'.split(
    ' ',
  );
const names = [
  'Question',
  'MS level',
  'Date',
  'Operator',
  'Result',
  'Serial',
  'Name',
  'Total',
  'user',
  'area',
  'Sample',
  'room',
];
const han = Array.from(
  '春風花鳥月山川水木石雲雨雪天地日星海河江湖林森草竹梅松柳桃李杏夜夢語面眉喜來去依舊知是人心手足門窗書畫琴棋詩酒茶',
);

function wordsOf(random: Random, count: number): string {
  return Array.from({ length: count }, () => random.one(words)).join(' ');
}

function value(random: Random): string {
  return random.one([
    () => String(random.below(90_000)),
    () => `${random.below(90)}.${10 + random.below(90)}`,
    () => random.one(words),
    () => `${random.one(words)} ${random.below(100)}`,
    () => `A-${1000 + random.below(9000)}`,
  ])();
}

function chars(random: Random, count: number): string {
  return Array.from({ length: count }, () => random.one(han)).join('');
}

function keyValue(random: Random): Omit<Layout, 'kind'> {
  const size = random.one([20, 24, 28]);
  const pitch = size * random.between(1.6, 2.2);
  const columnsAt = [40, 40 + size * 11, 40 + size * 22];
  const lines: LayoutLine[] = [];
  for (let row = 0; row < 6; row++) {
    columnsAt.forEach((x, column) => {
      const text = column === 0 ? random.one(names) : value(random);
      lines.push({ text, x: x + random.between(0, size), y: 60 + row * pitch, size });
    });
  }
  return { width: 60 + size * 32, height: 80 + 6 * pitch, tilt: random.between(-8, 8), lines };
}

function largeLetters(random: Random): Omit<Layout, 'kind'> {
  const size = 20 + 10 * random.below(9);
  const lines: LayoutLine[] = [];
  for (let row = 0; row < 6; row++)
    for (let column = 0; column < 3; column++)
      lines.push({
        text: column === 0 ? random.one(names) : value(random),
        x: size + column * size * 8.5,
        y: size * (1.6 + row * 1.7),
        size,
      });
  return { width: size * 26, height: size * 12, tilt: 0, lines };
}

function table(random: Random): Omit<Layout, 'kind'> {
  const size = random.one([16, 20, 24]);
  const pitch = size * random.between(1.35, 2.2);
  const [columnCount, rowCount] = [2 + random.below(5), 6 + random.below(20)];
  const lines: LayoutLine[] = [];
  for (let row = 0; row < rowCount; row++)
    for (let column = 0; column < columnCount; column++) {
      if (column > 0 && random.below(8) === 0) continue;
      const text = row === 0 ? random.one(names) : column === 0 ? wordsOf(random, 1 + random.below(2)) : value(random);
      lines.push({ text, x: 40 + (column === 0 ? 0 : 12 + (column - 1) * 9) * size, y: 60 + row * pitch, size });
    }
  const width = 80 + (12 + (columnCount - 1) * 9) * size;
  return { width, height: 80 + rowCount * pitch, tilt: random.between(-5, 5), lines };
}

/** Of 5 to 8 columns with wide gaps, of which 0.4 to 0.6 of the cells are empty. */
function sparseTable(random: Random, cell: (random: Random) => string): Omit<Layout, 'kind'> {
  const size = random.one([16, 20, 24]);
  const pitch = size * random.between(1.35, 2.4);
  const [columnCount, rowCount] = [5 + random.below(4), 6 + random.below(20)];
  const step = size * (13 + random.below(12));
  const empty = random.one([0.4, 0.5, 0.6]);
  const lines: LayoutLine[] = [];
  for (let row = 0; row < rowCount; row++)
    for (let column = 0; column < columnCount; column++) {
      if (row > 0 && random.between(0, 1) < empty) continue;
      const text = row === 0 ? random.one(names) : cell(random);
      lines.push({ text, x: 40 + column * step, y: 60 + row * pitch, size });
    }
  return { width: 80 + columnCount * step, height: 80 + rowCount * pitch, tilt: random.between(-5, 5), lines };
}

/** About as long as the lines of a narrow column of text, such as a time. */
function longValue(random: Random): string {
  const digits = (end: number): string => String(random.below(end)).padStart(2, '0');
  return random.one([
    () => `2024-${digits(12)}-${digits(28)} ${digits(24)}:${digits(60)}:${digits(60)}`,
    () => wordsOf(random, 3),
  ])();
}

/** Keys beside descriptions of one to three lines; the key stands beside the first line. */
function wrappedTable(random: Random): Omit<Layout, 'kind'> {
  const size = random.one([16, 20, 24]);
  const pitch = size * 1.4;
  const lines: LayoutLine[] = [];
  let y = 60;
  for (let row = 0; row < 8; row++) {
    lines.push({ text: wordsOf(random, 1 + random.below(2)), x: 40, y, size });
    for (let left = 1 + random.below(3); left > 0; left--, y += pitch)
      lines.push({ text: wordsOf(random, left === 1 ? 3 : 7), x: 40 + size * 11, y, size });
    y += size * random.between(0.2, 0.8);
  }
  return { width: 80 + size * 36, height: y + 40, tilt: random.between(-3, 3), lines };
}

function paragraph(
  random: Random,
  at: { x: number; y: number; size: number; pitch: number; width: number; rows: number },
): LayoutLine[] {
  return Array.from({ length: at.rows }, (_, row): LayoutLine => {
    const isLast = row === at.rows - 1 || random.below(6) === 0;
    const wanted = (at.width / at.size) * (isLast ? random.between(0.2, 0.9) : 0.93);
    let text = random.one(words);
    for (let next = random.one(words); lengthOf(`${text} ${next}`) < wanted; next = random.one(words))
      text += ` ${next}`;
    return { text, x: at.x, y: at.y + row * at.pitch, size: at.size };
  });
}

/** A running head, a heading over all columns, columns of text, a heading over all, columns, and a page number. */
function columns(random: Random, count: number): Omit<Layout, 'kind'> {
  const size = random.one([16, 20, 24]);
  const pitch = size * random.between(1.25, 1.7);
  const columnWidth = size * (count === 2 ? 20 : 15);
  const step = columnWidth + size * random.between(1.8, 3);
  const width = 80 + step * count;
  const lines: LayoutLine[] = [{ text: 'Copper Garden Review', x: 40, y: 40, size: size * 0.8 }];
  lines.push({ text: String(10 + random.below(90)), x: width - 100, y: 40, size: size * 0.8 });
  let y = 40 + size * 4;
  for (const title of ['The river market', 'A summer near the ocean']) {
    const large = size * 1.7;
    lines.push({ text: title, x: (width - lengthOf(title) * large) / 2, y, size: large });
    y += size * 3;
    const rows = 8 + random.below(12);
    for (let column = 0; column < count; column++) {
      const own = column === count - 1 ? rows - random.below(4) : rows;
      const shift = random.one([0, 0, random.between(0, 0.5 * pitch)]);
      lines.push(
        ...paragraph(random, { x: 40 + column * step, y: y + shift, size, pitch, width: columnWidth, rows: own }),
      );
    }
    y += rows * pitch + size * 3;
  }
  lines.push({ text: `Page ${10 + random.below(90)}`, x: width / 2 - 40, y, size: size * 0.8 });
  return { width, height: y + 60, tilt: random.one([0, random.between(-5, 5)]), lines };
}

function sideBar(random: Random): Omit<Layout, 'kind'> {
  const size = random.one([14, 16, 20]);
  const menu = { x: 20, pitch: size * random.between(1.5, 1.9), rows: 10 + random.below(15) };
  const content = {
    x: size * random.between(19, 22),
    pitch: size * random.between(1.25, 1.45),
    rows: 18 + random.below(15),
  };
  const lines: LayoutLine[] = Array.from({ length: menu.rows }, (_, row) => ({
    text: `${row + 1}. ${wordsOf(random, 1 + random.below(3))}`,
    x: menu.x + random.below(2) * size,
    y: 40 + row * menu.pitch,
    size,
  }));
  lines.push({ text: 'Summer garden', x: content.x, y: 44, size: size * 1.8 });
  const y = 44 + size * 2.5;
  lines.push(...paragraph(random, { ...content, y, size, width: size * 40 }));
  const height = Math.max(y + content.rows * content.pitch, 40 + menu.rows * menu.pitch) + 40;
  return { width: content.x + size * 44, height, tilt: random.one([0, random.between(-2, 2)]), lines };
}

/** Centered heads, then items with prices far to the right. */
function receipt(random: Random): Omit<Layout, 'kind'> {
  const size = random.one([16, 20, 28]);
  const pitch = size * random.between(1.3, 2);
  const width = size * 30;
  const lines: LayoutLine[] = [];
  let y = size * 2;
  for (let row = 0; row < 3; row++, y += pitch) {
    const text = wordsOf(random, 3);
    lines.push({ text, x: (width - lengthOf(text) * size) / 2, y, size });
  }
  for (let row = 5 + random.below(15); row > 0; row--, y += pitch) {
    lines.push({ text: wordsOf(random, 1 + random.below(3)), x: size, y, size });
    const price = `${random.below(90)}.${10 + random.below(90)}`;
    if (random.below(5) > 0) lines.push({ text: price, x: width - (lengthOf(price) + 1) * size, y, size });
  }
  return { width, height: y + size, tilt: random.between(-4, 4), lines };
}

function verticalColumns(
  random: Random,
  at: { right: number; top: number; size: number; rows: number; letters: number },
): LayoutLine[] {
  const pitch = at.size * random.between(1.5, 2.2);
  return Array.from({ length: at.rows }, (_, column) => ({
    text: chars(random, column === at.rows - 1 ? 3 + random.below(at.letters - 2) : at.letters),
    x: at.right - column * pitch,
    y: at.top,
    size: at.size,
    vertical: true,
  }));
}

function vertical(random: Random, tiers: number): Omit<Layout, 'kind'> {
  const size = random.one([24, 30, 40]);
  const [rows, letters] = [5 + random.below(8), 8 + random.below(6)];
  const tierHeight = size * (letters + 2.5);
  const width = size * (2 + rows * 2.2);
  const lines = Array.from({ length: tiers }, (_, tier) =>
    verticalColumns(random, { right: width - size * 1.2, top: size + tier * tierHeight, size, rows, letters }),
  ).flat();
  return { width, height: size + tiers * tierHeight, tilt: random.between(-3, 3), lines };
}

/** Lines of English, and a column of vertical text to their right. */
function verticalBeside(random: Random): Omit<Layout, 'kind'> {
  const size = 20;
  const text = paragraph(random, { x: 40, y: 60, size, pitch: 30, width: 500, rows: 16 });
  const aside = verticalColumns(random, { right: 760, top: 60, size: 26, rows: 4, letters: 10 });
  return { width: 840, height: 600, tilt: random.between(-3, 3), lines: [...text, ...aside] };
}

function verticalUnder(random: Random): Omit<Layout, 'kind'> {
  const size = random.one([26, 32]);
  const rows = 8 + random.below(5);
  const width = size * (2 + rows * 2.2);
  const heading = { text: chars(random, 6), x: width / 2 - size * 4.5, y: size * 2, size: size * 1.5 };
  const body = verticalColumns(random, { right: width - size * 1.2, top: size * 4, size, rows, letters: 11 });
  return { width, height: size * 17, tilt: random.between(-3, 3), lines: [heading, ...body] };
}
