// Draws numbers as an SVG.

const [margin, legendHeight] = [50, 18];

/**
 * @typedef {object} Axis
 * @property {string} label
 * @property {number} from
 * @property {number} to
 * @property {readonly number[]} ticks
 * @property {boolean} [log] Logarithmic; `from` is above 0 then.
 *
 * @typedef {object} Point
 * @property {number} x
 * @property {number} y
 * @property {string} [label] Written beside it.
 *
 * @typedef {object} Series
 * @property {readonly Point[]} points
 * @property {string} [name] Stands in the legend.
 * @property {string} [colour]
 * @property {'line' | 'dots' | 'squares' | 'line and dots'} [kind]
 */

/**
 * @param {{ x: Axis, y: Axis, series: readonly Series[], width?: number, height?: number }} chart
 * @returns {string} the SVG's text
 */
export function chart({ x, y, series, width = 720, height = 300 }) {
  const px = (value) => margin + share(x, value) * (width - 2 * margin);
  const py = (value) => height - margin - share(y, value) * (height - 2 * margin);
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="sans-serif" font-size="12">
<rect width="100%" height="100%" fill="white"/>
<path d="M${margin},${margin} V${height - margin} H${width - margin}" fill="none" stroke="#444"/>
${series.map((one) => marks(one, px, py)).join('\n')}
${pointLabels(series, px, py)}
${x.ticks.map((value) => label(px(value), height - margin + 18, value)).join('')}
${y.ticks.map((value) => label(margin - 6, py(value) + 4, value, 'end')).join('')}
${label(width / 2, height - 8, x.label)}
${label(margin, margin - 14, y.label, 'start')}
${legend(series, width)}
</svg>
`;
}

/** Where a value lies on its axis, 0 to 1. */
function share({ from, to, log = false }, value) {
  const scale = log ? Math.log : Number;
  return (scale(value) - scale(from)) / (scale(to) - scale(from));
}

function marks({ points, colour = '#1c7ed6', kind = 'line' }, px, py) {
  const line = points.map((point) => `${px(point.x).toFixed(1)},${py(point.y).toFixed(1)}`).join(' ');
  return [
    kind.startsWith('line') ? `<polyline points="${line}" fill="none" stroke="${colour}" stroke-width="1.5"/>` : '',
    ...(kind === 'line' ? [] : points.map((point) => dot(px(point.x), py(point.y), colour, kind))),
  ].join('');
}

/** Beside each point that has one, moved up or down until it covers neither a dot nor another label. */
function pointLabels(series, px, py) {
  const taken = series
    .filter(({ kind = 'line' }) => kind !== 'line')
    .flatMap(({ points }) => points.map((point) => box(px(point.x) - 4, py(point.y), 8)));
  return series
    .flatMap(({ points }) => points.filter((point) => point.label !== undefined))
    .map((point) => {
      const [left, middle, width] = [px(point.x) + 8, py(point.y), textWidth(point.label)];
      const shift = [0, -13, 13, -26, 26, -39, 39].find((by) => {
        const own = box(left, middle + by, width);
        return taken.every((other) => !overlap(own, other));
      });
      taken.push(box(left, middle + (shift ?? 0), width));
      return label(left, middle + (shift ?? 0) + 4, point.label, 'start');
    })
    .join('');
}

/** A line's height about `middle`. */
function box(left, middle, width) {
  return { left, right: left + width, top: middle - 6, bottom: middle + 6 };
}

function overlap(a, b) {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

/** A guess for the font of 12 pixels. */
function textWidth(text) {
  return text.length * 6.5;
}

function dot(cx, cy, colour, kind) {
  const [left, top] = [cx.toFixed(1), cy.toFixed(1)];
  return kind === 'squares'
    ? `<rect x="${(cx - 4).toFixed(1)}" y="${(cy - 4).toFixed(1)}" width="8" height="8" fill="none" stroke="${colour}" stroke-width="1.5"/>`
    : `<circle cx="${left}" cy="${top}" r="4" fill="${colour}"/>`;
}

/** The names of the series from right to left, in one row at the top. */
function legend(series, width) {
  let right = width - margin;
  return series
    .filter(({ name }) => name !== undefined)
    .map(({ name, colour = '#1c7ed6', kind = 'line' }) => {
      const [end, top] = [right, legendHeight];
      right -= textWidth(name) + 30;
      const mark =
        kind === 'line'
          ? `<path d="M${right + 12},${top} h14" stroke="${colour}" stroke-width="2"/>`
          : dot(right + 18, top, colour, kind);
      return mark + label(end, top + 4, name, 'end');
    })
    .join('');
}

function label(x, y, text, anchor = 'middle') {
  const escaped = String(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}">${escaped}</text>`;
}

function round(value) {
  return Number(value.toFixed(1));
}
