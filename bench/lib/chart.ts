interface Axis {
  readonly label: string;
  readonly from: number;
  readonly to: number;
  readonly ticks: readonly number[];
  /** Logarithmic; `from` must be above 0. */
  readonly log?: boolean;
}

interface ChartPoint {
  readonly x: number;
  readonly y: number;
  /** Written beside the point. */
  readonly label?: string;
}

interface Series {
  readonly points: readonly ChartPoint[];
  /** Written in the legend. */
  readonly name?: string;
  readonly color?: string;
  readonly kind?: SeriesKind;
}

type SeriesKind = 'line' | 'dots' | 'squares' | 'line and dots';

export interface Chart {
  readonly x: Axis;
  readonly y: Axis;
  readonly series: readonly Series[];
  /** Pixels. */
  readonly width?: number;
  readonly height?: number;
}

/** Draws a chart as the text of an SVG. */
export function drawChart({ x, y, series, width = 720, height = 300 }: Chart): string {
  const px: Scale = (value) => margin + share(x, value) * (width - 2 * margin);
  const py: Scale = (value) => height - margin - share(y, value) * (height - 2 * margin);
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="sans-serif" font-size="12">
<rect width="100%" height="100%" fill="white"/>
<path d="M${margin},${margin} V${height - margin} H${width - margin}" fill="none" stroke="#444"/>
${series.map((one) => marks(one, px, py)).join('\n')}
${pointLabels(series, px, py)}
${x.ticks.map((value) => label(px(value), height - margin + 18, String(value))).join('')}
${y.ticks.map((value) => label(margin - 6, py(value) + 4, String(value), 'end')).join('')}
${label(width / 2, height - 8, x.label)}
${label(margin, margin - 14, y.label, 'start')}
${legend(series, width)}
</svg>
`;
}

type Scale = (value: number) => number;

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

const [margin, legendHeight] = [50, 18];
const defaultColor = '#1c7ed6';

/** The position of a value on its axis, from 0 to 1. */
function share({ from, to, log = false }: Axis, value: number): number {
  const scale = log ? Math.log : Number;
  return (scale(value) - scale(from)) / (scale(to) - scale(from));
}

function marks({ points, color = defaultColor, kind = 'line' }: Series, px: Scale, py: Scale): string {
  const line = points.map((point) => `${px(point.x).toFixed(1)},${py(point.y).toFixed(1)}`).join(' ');
  return [
    kind.startsWith('line') ? `<polyline points="${line}" fill="none" stroke="${color}" stroke-width="1.5"/>` : '',
    ...(kind === 'line' ? [] : points.map((point) => dot(px(point.x), py(point.y), color, kind))),
  ].join('');
}

/** Each label stands beside its point, moved up or down until it covers neither a dot nor another label. */
function pointLabels(series: readonly Series[], px: Scale, py: Scale): string {
  const taken = series
    .filter(({ kind = 'line' }) => kind !== 'line')
    .flatMap(({ points }) => points.map((point) => box(px(point.x) - 4, py(point.y), 8)));
  return series
    .flatMap(({ points }) => points)
    .map((point) => {
      if (point.label === undefined) return '';
      const [left, middle, width] = [px(point.x) + 8, py(point.y), textWidth(point.label)];
      const shift =
        [0, -13, 13, -26, 26, -39, 39].find((by) => {
          const own = box(left, middle + by, width);
          return taken.every((other) => !overlap(own, other));
        }) ?? 0;
      taken.push(box(left, middle + shift, width));
      return label(left, middle + shift + 4, point.label, 'start');
    })
    .join('');
}

/** A box as high as a line of text, centered on `middle`. */
function box(left: number, middle: number, width: number): Box {
  return { left, right: left + width, top: middle - 6, bottom: middle + 6 };
}

function overlap(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

/** An estimate for the font of 12 pixels. */
function textWidth(text: string): number {
  return text.length * 6.5;
}

function dot(cx: number, cy: number, color: string, kind: SeriesKind): string {
  const [left, top] = [cx.toFixed(1), cy.toFixed(1)];
  return kind === 'squares'
    ? `<rect x="${(cx - 4).toFixed(1)}" y="${(cy - 4).toFixed(1)}" width="8" height="8" fill="none" stroke="${color}" stroke-width="1.5"/>`
    : `<circle cx="${left}" cy="${top}" r="4" fill="${color}"/>`;
}

/** The names of the series, from right to left in one row at the top. */
function legend(series: readonly Series[], width: number): string {
  let right = width - margin;
  return series
    .map(({ name, color = defaultColor, kind = 'line' }) => {
      if (name === undefined) return '';
      const [end, top] = [right, legendHeight];
      right -= textWidth(name) + 30;
      const mark =
        kind === 'line'
          ? `<path d="M${right + 12},${top} h14" stroke="${color}" stroke-width="2"/>`
          : dot(right + 18, top, color, kind);
      return mark + label(end, top + 4, name, 'end');
    })
    .join('');
}

function label(x: number, y: number, text: string, anchor: 'start' | 'middle' | 'end' = 'middle'): string {
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<text x="${Number(x.toFixed(1))}" y="${Number(y.toFixed(1))}" text-anchor="${anchor}">${escaped}</text>`;
}
