/** The pages of a run in units, the smallest pieces of work that a worker takes. */
export interface Units {
  readonly pages: number;
  readonly unitPages?: UnitSize | undefined;
}

/** Powers of two: parts of the plan have whole units of each size. Each unit of a document opens the file anew. */
export const unitSizes = [2, 4, 8, 16, 32] as const;

type UnitSize = (typeof unitSizes)[number];

/** Pages that a killed worker's unit costs at most; also those of a run that does not say, as older versions planned it. */
export const maxUnitPages = 32;

/** A small run has so many units at least, so that several workers get even shares and end together. */
const minUnits = 64;

/**
 * The pages of each unit of a new run.
 *
 * @example
 * unitPagesFor(200); // 2
 * unitPagesFor(1_000_000); // 32
 */
export function unitPagesFor(pages: number): UnitSize {
  return unitSizes.findLast((size) => pages / size >= minUnits) ?? unitSizes[0];
}

export function unitPagesOf({ unitPages = maxUnitPages }: Units): UnitSize {
  return unitPages;
}

export function unitsOf(run: Units): number {
  return Math.ceil(run.pages / unitPagesOf(run));
}

export function pagesOfUnit(run: Units, unit: number): number {
  const size = unitPagesOf(run);
  return Math.min(size, run.pages - unit * size);
}
