import { blankImage, type Image } from '../../image/image.js';
import { rowSums, type InkMap } from '../display/ink-map.js';
import type { Cell, Cells } from './cells.js';
import type { Column } from './column.js';

/** A column's letters side by side, as a horizontal line has them. */
export interface LevelLine {
  readonly picture: Image;
  /** The place of a cell's middle is `(place + 0.5) * step + margin`. */
  readonly step: number;
  readonly margin: number;
}

/**
 * Sets the cells of a column side by side. Marks get the form that they have in horizontal text: a bar, three dots, brackets and
 * parentheses are turned a quarter, and a comma or a full stop moves from the upper right corner to the lower left one.
 */
export function levelLine({ picture, map }: Column, { pitch, cells }: Cells): LevelLine {
  const step = Math.round(pitch);
  const margin = Math.round(step * marginShare);
  const level = blankImage(step * (cells.length + 1), step + 2 * margin);
  fill(level, groundOf(picture));
  cells.forEach((cell, i) => {
    if (cell.ink === undefined) return;
    const form = formOf(cell, map, pitch);
    const [left, top] = [(map.width - step) / 2, (cell.from + cell.to - step) / 2];
    for (let y = 0; y < step; y++)
      for (let x = 0; x < step; x++) {
        const [column, row] = [Math.round(left + x), Math.round(top + y)];
        if (column < 0 || column >= map.width || row < cell.from || row >= cell.to) continue;
        const [toX, toY] = form.isTurned ? [y, step - 1 - x] : [x + form.right, y + form.down];
        if (toX < 0 || toX >= step || toY < 0 || toY >= step) continue;
        copyPixel(picture, column, row, level, margin + i * step + toX, margin + toY);
      }
  });
  return { picture: level, step, margin };
}

/** Of a cell. */
const marginShare = 0.1;

interface Form {
  readonly isTurned: boolean;
  /** Pixels by which it moves. */
  readonly right: number;
  readonly down: number;
}

const asItStands: Form = { isTurned: false, right: 0, down: 0 };
const turned: Form = { ...asItStands, isTurned: true };

/** Lengths are in cells. */
function formOf({ from, to, ink }: Cell, map: InkMap, pitch: number): Form {
  if (ink === undefined) return asItStands;
  const [left, top] = [(map.width - pitch) / 2, (from + to - pitch) / 2];
  const [width, height] = [(ink.right - ink.left) / pitch, (ink.bottom - ink.top) / pitch];
  const [x, y] = [(ink.left - left) / pitch, (ink.top - top) / pitch];
  if (width < maxDot && height < maxDot) {
    const isCentered = Math.abs(x + width / 2 - 0.5) < centered && Math.abs(y + height / 2 - 0.5) < centered;
    const isUpperRight = x > minDotLeft && y + height < maxDotBottom && !isCentered;
    if (!isUpperRight) return asItStands;
    const move = (by: number): number => Math.round(by * pitch);
    return { isTurned: false, right: move(dotLeft - x), down: move(dotBottom - y - height) };
  }
  // ！ has two pieces as well, and stands upright in vertical text.
  if (width < maxBar && height > minBar && piecesOf(map, ink) !== 2) return turned;
  const isAtEdge = y > minOpening || y + height < maxClosing;
  return isAtEdge && width > minBracket && height > maxDash && height < maxBracket ? turned : asItStands;
}

const maxDot = 0.42;
const minDotLeft = 0.3;
const maxDotBottom = 0.62;
/** Traditional Chinese has its marks in the middle, in horizontal text as well; so has a middle dot. */
const centered = 0.12;
const [dotLeft, dotBottom] = [0.12, 0.88];
const maxBar = 0.34;
const minBar = 0.5;
/** 一 is a dash. Small kana are neither near the upper nor near the lower edge. */
const maxDash = 0.16;
const [minBracket, maxBracket] = [0.3, 0.5];
const minOpening = 0.45;
const maxClosing = 0.52;

/** Parts between empty rows. */
function piecesOf(map: InkMap, { top, bottom }: { top: number; bottom: number }): number {
  const rows = rowSums(map, 0, map.width).subarray(top, bottom);
  return rows.filter((ink, i) => ink > 0.5 && (i === 0 || (rows[i - 1] ?? 0) <= 0.5)).length;
}

/** The median of each channel along the upper and the lower edge. */
function groundOf({ width, height, data }: Image): readonly number[] {
  return [0, 1, 2].map((channel) => {
    const values = Array.from(
      { length: width * 2 },
      (_, i) => data[(i < width ? i : (height - 2) * width + i) * 3 + channel] ?? 0,
    );
    return values.toSorted((a, b) => a - b)[width] ?? 0;
  });
}

function fill({ data }: Image, color: readonly number[]): void {
  for (let at = 0; at < data.length; at++) data[at] = color[at % 3] ?? 0;
}

function copyPixel(from: Image, x: number, y: number, to: Image, toX: number, toY: number): void {
  const source = (y * from.width + x) * 3;
  const target = (toY * to.width + toX) * 3;
  for (let channel = 0; channel < 3; channel++) to.data[target + channel] = from.data[source + channel] ?? 0;
}
