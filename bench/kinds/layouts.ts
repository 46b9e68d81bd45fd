import { layoutOf, layouts, type Layout, type LayoutKind, type LayoutLine } from '../../test/helpers/layouts.js';
import { chineseFont, pngOf, textAt } from './drawing.js';
import type { Kind } from './kind.js';

const counts: Partial<Record<LayoutKind, number>> = { 'key-value': 75, 'large letters': 9 };

/** Pages whose lines must come in order: forms tilted by up to 8 degrees, tables, columns, side bars, vertical text. */
export const layoutKinds: readonly Kind[] = (Object.keys(layouts) as LayoutKind[]).map((name) => ({
  name: name.replaceAll(' ', '-'),
  count: counts[name] ?? 20,
  unit: 'order',
  async draw(random) {
    const layout = layoutOf(name, Math.floor(random() * 1e6));
    return { picture: await drawLayout(layout), expected: layout.lines.map(({ text }) => text) };
  },
}));

export function drawLayout({ width, height, tilt, lines }: Layout): Promise<Buffer> {
  // Room for the corners of a tilted page.
  const margin = Math.ceil((Math.max(width, height) * Math.abs(Math.sin((tilt * Math.PI) / 180))) / 2) + 20;
  const turn = `translate(${margin} ${margin}) rotate(${tilt} ${width / 2} ${height / 2})`;
  const body = `<g transform="${turn}">${lines.map(drawLine).join('')}</g>`;
  return pngOf(Math.ceil(width + 2 * margin), Math.ceil(height + 2 * margin), body);
}

function drawLine({ text, x, y, size, vertical }: LayoutLine): string {
  const style = { family: /\p{Script=Han}/u.test(text) ? chineseFont : 'DejaVu Sans', size };
  if (vertical !== true) return textAt(text, x, y, style);
  return Array.from(text)
    .map((letter, i) => textAt(letter, x - size / 2, y + (i + 0.85) * size, style))
    .join('');
}
