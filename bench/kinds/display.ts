import { pick, type Random } from '../word-boxes/random.js';
import { pngOf } from './drawing.js';
import type { Kind } from './kind.js';

/** Numbers on displays of seven segments. All digits have the same room, so that a 1 has a wide gap before it. */
export const display: Kind = {
  name: 'display',
  count: 420,
  fixtures: 4,
  unit: 'text',
  async draw(random) {
    const text = numberOf(random);
    const form = formOf(random);
    const { ink, ground } = pick(colors, random);
    const margin = form.height * (0.4 + random() * 0.8);
    const { body, width } = segmentsOf(text, form, margin);
    const picture = await pngOf(
      Math.ceil(width + margin),
      Math.ceil(form.height + 2 * margin),
      `<g fill="${ink}">${body}</g>`,
      ground,
    );
    return { picture, expected: [text] };
  },
};

interface Form {
  /** Of a digit. */
  readonly height: number;
  readonly width: number;
  /** From a digit to the next. */
  readonly advance: number;
  readonly stroke: number;
  /** Between segments. */
  readonly gap: number;
  /** Horizontal shift from the bottom to the top, per height. */
  readonly slant: number;
  readonly hasRoundPoint: boolean;
}

function formOf(random: Random): Form {
  const height = 24 + random() * 76;
  const width = height * (0.45 + random() * 0.2);
  const stroke = height * (0.07 + random() * 0.08);
  return {
    height,
    width,
    advance: width + stroke * (0.8 + random() * 1.6),
    stroke,
    gap: height * (0.005 + random() * 0.02),
    slant: pick([0, 0, 0.09, 0.14], random),
    hasRoundPoint: random() < 0.5,
  };
}

const colors = [
  { ink: '#1f2a24', ground: '#9aa58c' },
  { ink: '#111', ground: '#fff' },
  { ink: '#ff3b30', ground: '#140606' },
  { ink: '#39ff6a', ground: '#06140a' },
];

function numberOf(random: Random): string {
  const digits = (count: number): string => Array.from({ length: count }, () => Math.floor(random() * 10)).join('');
  const some = (most: number): number => 1 + Math.floor(random() * most);
  const forms = [
    () => `${random() < 0.3 ? '-' : ''}${digits(some(3))}.${digits(some(2))}`,
    () => digits(2 + some(5)),
    () => `${pick(['0', '1', '2'], random)}${digits(1)}:${pick(['0', '1', '2', '3', '4', '5'], random)}${digits(1)}`,
    () => `1${digits(1)}${digits(1)}.${digits(2)}`,
  ];
  return pick(forms, random)();
}

/** The segments of each digit: top, upper right, lower right, bottom, lower left, upper left, middle. */
const lit: Readonly<Record<string, string>> = {
  '0': 'abcdef',
  '1': 'bc',
  '2': 'abged',
  '3': 'abgcd',
  '4': 'fgbc',
  '5': 'afgcd',
  '6': 'afgedc',
  '7': 'abc',
  '8': 'abcdefg',
  '9': 'abcdfg',
  '-': 'g',
};

function segmentsOf(text: string, form: Form, margin: number): { body: string; width: number } {
  const { height, width, advance, stroke, slant, hasRoundPoint } = form;
  const shapes: string[] = [];
  let left = margin;
  const place = ([x, y]: readonly [number, number]): string =>
    `${(x + (margin + height - y) * slant).toFixed(2)},${y.toFixed(2)}`;
  const point = (x: number, y: number): string => {
    const [cx, cy] = place([x, y]).split(',');
    const half = stroke * 0.6;
    if (hasRoundPoint) return `<circle cx="${cx}" cy="${cy}" r="${half.toFixed(2)}"/>`;
    const corners = [
      [x - half, y - half],
      [x + half, y - half],
      [x + half, y + half],
      [x - half, y + half],
    ] as const;
    return `<polygon points="${corners.map(place).join(' ')}"/>`;
  };
  for (const character of text) {
    if (character === '.') {
      // The point has no room of its own.
      shapes.push(point(left - (advance - width) / 2, margin + height - stroke / 2));
    } else if (character === ':') {
      shapes.push(point(left + stroke, margin + height * 0.3), point(left + stroke, margin + height * 0.7));
      left += stroke * 2 + (advance - width);
    } else {
      for (const name of lit[character] ?? '') shapes.push(polygonOf(name, form, left, margin).map(place).join(' '));
      left += advance;
    }
  }
  const body = shapes.map((shape) => (shape.startsWith('<') ? shape : `<polygon points="${shape}"/>`)).join('');
  return { body, width: left + height * slant };
}

type Corner = readonly [x: number, y: number];

/** A segment with pointed ends. */
function polygonOf(name: string, { height, width, stroke, gap }: Form, left: number, top: number): Corner[] {
  const half = stroke / 2;
  const [x0, x1] = [left + half, left + width - half];
  const [y0, y1, y2] = [top + half, top + height / 2, top + height - half];
  const across = (y: number): Corner[] => [
    [x0 + gap, y],
    [x0 + gap + half, y - half],
    [x1 - gap - half, y - half],
    [x1 - gap, y],
    [x1 - gap - half, y + half],
    [x0 + gap + half, y + half],
  ];
  const down = (x: number, from: number, to: number): Corner[] => [
    [x, from + gap],
    [x + half, from + gap + half],
    [x + half, to - gap - half],
    [x, to - gap],
    [x - half, to - gap - half],
    [x - half, from + gap + half],
  ];
  const segments: Readonly<Record<string, () => Corner[]>> = {
    a: () => across(y0),
    g: () => across(y1),
    d: () => across(y2),
    b: () => down(x1, y0, y1),
    c: () => down(x1, y1, y2),
    f: () => down(x0, y0, y1),
    e: () => down(x0, y1, y2),
  };
  return segments[name]?.() ?? [];
}
