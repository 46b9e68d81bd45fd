import { describe, expect, it } from 'vitest';
import type { Image } from '../../../../src/runtime/image/image.js';
import { writeLines, type Squeeze } from '../../../../src/runtime/ocr/recognize/line-tensor.js';

/** White lines of 48 rows become 1 where they are written; what is left stays 0. */
function writtenColumns(widths: readonly number[], batch: number, squeeze?: Squeeze): number[] {
  const lines = widths.map((width): Image => ({ width, height: 48, data: new Uint8Array(width * 48 * 3).fill(255) }));
  const data = new Float32Array(lines.length * 3 * 48 * batch);
  writeLines(lines, { height: 48, width: batch }, data, squeeze);
  return lines.map(
    (_, i) => data.subarray(i * 3 * 48 * batch, i * 3 * 48 * batch + batch).filter((x) => x === 1).length,
  );
}

describe('writeLines', () => {
  it('leaves the rest of the width gray', () => {
    expect(writtenColumns([100], 120)).toEqual([100]);
  });

  it('squeezes what is wider than the batch', () => {
    expect(writtenColumns([200], 120)).toEqual([120]);
  });

  it('squeezes a line by the scale, and keeps the margin', () => {
    expect(writtenColumns([400], 348, { scale: 0.85, margin: 8 })).toEqual([340]);
  });

  it('does not squeeze where there is room, be it for the least width or for another line', () => {
    expect(writtenColumns([80], 96, { scale: 0.85, margin: 8 })).toEqual([80]);
    expect(writtenColumns([92], 96, { scale: 0.85, margin: 8 })).toEqual([88]);
    expect(writtenColumns([400, 300], 348, { scale: 0.85, margin: 8 })).toEqual([340, 300]);
  });
});
