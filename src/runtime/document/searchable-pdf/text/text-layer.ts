import type { Point } from '../../../geometry/point.js';
import type { PageLine } from '../../page.js';
import { layerFont } from './layer-font.js';
import { pointAt } from './line-frame.js';
import { applyTo, directionOf, type Matrix } from '../matrix.js';
import { num, textString } from '../pdf-file.js';
import { runsOf, type Run } from './runs.js';
import { widthOf, type TextCodes } from './text-codes.js';

/**
 * The invisible text of a page as operators of a content stream (ISO 32000-1, 9.4): one text object a line.
 *
 * @param toPage from pixels of the page to its units
 */
export function textLayer(lines: readonly PageLine[], toPage: Matrix, codes: TextCodes): string {
  const objects = lines.flatMap((line) => textObject(line, toPage, codes));
  return objects.length === 0 ? '' : ['q 3 Tr', ...objects, 'Q'].join('\n');
}

/**
 * A tilted line ends with a space far above it. pdfium sorts words from left to right while each is about as high on the
 * page as the one before, so without it words of a line would stand among those of the line before.
 */
function textObject(line: PageLine, toPage: Matrix, codes: TextCodes): string[] {
  const { frame, runs } = runsOf(line);
  const [along, unitWidth] = unit(directionOf(toPage, frame.along));
  const [up, unitHeight] = unit(directionOf(toPage, frame.up));
  const [first] = runs;
  if (first === undefined) return [];
  const [x, y] = applyTo(toPage, pointAt(frame, first.from, first.bottom));
  const axes = [...along, ...up].map((value) => num(value, 5)).join(' ');
  let before = first;
  let size = '';
  const shown = runs.map((run) => {
    const height = Math.max((run.top - run.bottom) * unitHeight, minSize);
    const width = Math.max((run.to - run.from) * unitWidth, minSize);
    const move = run === first ? '' : `${offset(before, run, unitWidth, unitHeight)} Td `;
    const setSize = num(height) === size ? '' : `/${layerFont} ${num(height)} Tf `;
    before = run;
    size = num(height);
    const stretch = num(Math.min((width * 100_000) / (widthOf(run.text) * height), maxStretch), 1);
    return `${move}${setSize}${stretch} Tz ${frame.isTilted ? tilted(run, codes) : upright(run, codes)}`;
  });
  const end = frame.isTilted ? [`0 ${num(2 * Number(size))} Td <${codes.encode(' ')}> Tj`] : [];
  return [`BT ${axes} ${num(x)} ${num(y)} Tm`, ...shown, ...end, 'ET'];
}

function upright({ text, spaceAfter }: Run, codes: TextCodes): string {
  return `<${codes.encode(spaceAfter ? `${text} ` : text)}> Tj`;
}

/** With the text of the run a second time, from which poppler does not cut tilted words apart. */
function tilted({ text, spaceAfter }: Run, codes: TextCodes): string {
  const shown = `/Span << /ActualText ${textString(text)} >> BDC <${codes.encode(text)}> Tj EMC`;
  return spaceAfter ? `${shown} <${codes.encode(' ')}> Tj` : shown;
}

function offset(before: Run, run: Run, unitWidth: number, unitHeight: number): string {
  return `${num((run.from - before.from) * unitWidth)} ${num((run.bottom - before.bottom) * unitHeight)}`;
}

function unit([x, y]: Point): [direction: Point, length: number] {
  const length = Math.sqrt(x * x + y * y);
  return length === 0 ? [[1, 0], 1] : [[x / length, y / length], length];
}

/** In units of the page: less is written as 0, a size at which readers fail. */
const minSize = 0.05;

/** Percent. */
const maxStretch = 10_000;
