import { describe, expect, it } from 'vitest';
import { findContours } from '../../../src/runtime/geometry/contours.js';

function contoursOf(...rows: string[]): string[] {
  const mask = Uint8Array.from(rows.join(''), (cell) => (cell === '#' ? 1 : 0));
  return findContours(mask, rows[0]?.length ?? 0, rows.length).map((points) => points.map(String).join(' '));
}

// Expectations: OpenCV 4.10 (findContours, RETR_LIST, CHAIN_APPROX_SIMPLE).
describe('findContours', () => {
  it('finds nothing in an empty mask', () => {
    expect(contoursOf('...', '...')).toEqual([]);
  });

  it('returns the corners of a rectangle, going down first', () => {
    expect(contoursOf('....', '.##.', '.##.', '....')).toEqual(['1,1 1,2 2,2 2,1']);
  });

  it('returns one point for a single pixel', () => {
    expect(contoursOf('.#.')).toEqual(['1,0']);
  });

  it('follows regions at the edge of the picture', () => {
    expect(contoursOf('##', '##')).toEqual(['0,0 0,1 1,1 1,0']);
  });

  it('lists the lowest region first, and a right region before a left one', () => {
    expect(contoursOf('#.#', '...', '.#.')).toEqual(['1,2', '2,0', '0,0']);
  });

  it('lists the border of a hole beside the outer border', () => {
    expect(contoursOf('###', '#.#', '###')).toEqual(['0,1 1,0 2,1 1,2', '0,0 0,2 2,2 2,0']);
  });

  it('joins diagonal neighbors into one region', () => {
    expect(contoursOf('#..', '.#.', '..#')).toEqual(['0,0 2,2']);
  });
});
