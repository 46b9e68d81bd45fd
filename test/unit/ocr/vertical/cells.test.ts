import { describe, expect, it } from 'vitest';
import { inkMapOf } from '../../../../src/runtime/ocr/display/ink-map.js';
import { cellsOf } from '../../../../src/runtime/ocr/vertical/cells.js';
import { levelLine } from '../../../../src/runtime/ocr/vertical/level-line.js';
import type { Column } from '../../../../src/runtime/ocr/vertical/column.js';
import { bar, bracket, cellSize, comma, drawnColumn, exclamation, letter, type Stroke } from './drawn-column.js';

const top = 46;

function columnOf(cells: readonly (readonly Stroke[])[], pitch = cellSize, inBox = [0, cells.length]): Column {
  const picture = drawnColumn(cells, { top, pitch });
  const [from = 0, to = 0] = inBox.map((cell) => top + cell * pitch);
  return { picture, map: inkMapOf(picture), from, to };
}

describe('the squares of a column', () => {
  it.each([
    ['letters', [letter, letter, letter, letter]],
    ['a bar', [letter, bar, letter, letter]],
    ['commas', [letter, comma, letter, letter, comma]],
    ['brackets', [bracket, letter, letter, letter]],
    ['an empty one', [letter, letter, [], letter]],
  ])('are found with %s', (_, cells) => {
    const { cells: found } = cellsOf(columnOf(cells));
    expect(found).toHaveLength(cells.length);
    found.forEach(({ from, to }, i) => {
      expect(Math.abs((from + to) / 2 - (top + (i + 0.5) * cellSize))).toBeLessThan(cellSize / 8);
    });
    expect(found.map(({ ink }) => ink !== undefined)).toEqual(cells.map((strokes) => strokes.length > 0));
  });

  it('are found where letters are set wider apart', () => {
    const { cells } = cellsOf(columnOf([letter, bar, letter, comma, letter], 46));
    expect(cells).toHaveLength(5);
  });

  it('include a mark that the box leaves out at either end', () => {
    const found = cellsOf(columnOf([bracket, letter, letter, letter, comma], cellSize, [1, 4]));
    expect(found).toMatchObject({ first: 1, last: 3 });
    expect(found.cells).toHaveLength(5);
  });
});

/** The rectangle of the ink of a cell, in shares of it. */
function inkOf(strokes: readonly Stroke[]): readonly number[] {
  const column = columnOf([letter, letter, strokes, letter]);
  const { picture, step, margin } = levelLine(column, cellsOf(column));
  const [xs, ys]: [number[], number[]] = [[], []];
  for (let y = 0; y < picture.height; y++)
    for (let x = margin + 2 * step; x < margin + 3 * step; x++)
      if ((picture.data[(y * picture.width + x) * 3] ?? 255) < 128) {
        xs.push(x - margin - 2 * step);
        ys.push(y - margin);
      }
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs) + 1, Math.max(...ys) + 1].map((value) => value / step);
}

describe('a column whose letters stand side by side', () => {
  it('has a letter as it stands', () => {
    const [left = 0, upper = 0, right = 0, lower = 0] = inkOf(letter);
    expect([left, upper].every((edge) => edge < 0.15)).toBe(true);
    expect([right, lower].every((edge) => edge > 0.85)).toBe(true);
  });

  it('has a bar level', () => {
    const [left = 0, upper = 0, right = 0, lower = 0] = inkOf(bar);
    expect(right - left).toBeGreaterThan(0.7);
    expect(lower - upper).toBeLessThan(0.2);
  });

  it('has a comma in the lower left corner', () => {
    const [left = 0, upper = 0, right = 0, lower = 0] = inkOf(comma);
    expect(left).toBeLessThan(0.2);
    expect(right).toBeLessThan(0.5);
    expect(upper).toBeGreaterThan(0.5);
    expect(lower).toBeLessThan(1);
  });

  it('has a bracket turned', () => {
    const [left = 0, upper = 0, right = 0, lower = 0] = inkOf(bracket);
    expect(lower - upper).toBeGreaterThan(right - left);
    expect(left).toBeGreaterThan(0.4);
  });

  it('has an exclamation mark as it stands', () => {
    const [left = 0, upper = 0, right = 0, lower = 0] = inkOf(exclamation);
    expect(lower - upper).toBeGreaterThan(0.7);
    expect(right - left).toBeLessThan(0.2);
  });
});
