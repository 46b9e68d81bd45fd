import { describe, expect, it } from 'vitest';
import type { Image } from '../../../../src/runtime/image/image.js';
import { writeLines, type Squeeze } from '../../../../src/runtime/ocr/recognize/line-tensor.js';

/** Writes white lines of 48 rows, whose pixels become 1, and counts the columns of each that are 1. */
function writtenColumns(widths: readonly number[], batch: number, squeeze?: Squeeze): number[] {
  const lines = widths.map((width): Image => ({ width, height: 48, data: new Uint8Array(width * 48 * 3).fill(255) }));
  const data = new Float32Array(lines.length * 3 * 48 * batch);
  writeLines(lines, { height: 48, width: batch }, data, squeeze);
  return lines.map(
    (_, i) => data.subarray(i * 3 * 48 * batch, i * 3 * 48 * batch + batch).filter((x) => x === 1).length,
  );
}

describe('writeLines', () => {
  it('leaves the columns right of the line gray', () => {
    expect(writtenColumns([100], 120)).toEqual([100]);
  });

  it('squeezes a line that is wider than the batch', () => {
    expect(writtenColumns([200], 120)).toEqual([120]);
  });

  it('squeezes a line by the scale and keeps the margin', () => {
    expect(writtenColumns([400], 348, { scale: 0.85, margin: 8 })).toEqual([340]);
  });

  it('does not squeeze a line if the batch has room for it', () => {
    expect(writtenColumns([80], 96, { scale: 0.85, margin: 8 })).toEqual([80]);
    expect(writtenColumns([92], 96, { scale: 0.85, margin: 8 })).toEqual([88]);
    expect(writtenColumns([400, 300], 348, { scale: 0.85, margin: 8 })).toEqual([340, 300]);
  });
});
