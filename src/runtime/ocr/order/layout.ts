import type { Block } from './block.js';
import { columnsOf } from './columns.js';
import { rowsOf } from './rows.js';
import { slabsOf } from './slabs.js';

/** Columns inside of columns, such as a page beside a side bar, are a few. */
const maxDepth = 12;

/**
 * The blocks of a page whose text runs to the right, in reading order: columns one after the other, else row by row. Columns
 * whose rows are level are told from tables by long lines that fill them: `minProseWidth` heights of a line.
 */
export function layout(blocks: readonly Block[], minProseWidth: number, depth = 0): Block[] {
  const slabs = slabsOf(blocks);
  const columns = depth < maxDepth ? columnsOf(slabs, minProseWidth) : [];
  if (columns.length === 0) return rowsOf(blocks).flat();
  const between = (from: number, to: number): Block[] =>
    from < to
      ? layout(
          slabs.slice(from, to).flatMap((slab) => slab.blocks),
          minProseWidth,
          depth + 1,
        )
      : [];
  let at = 0;
  const ordered = columns.flatMap(({ from, to, left, right }) => {
    const above = between(at, from);
    at = to;
    return [...above, ...layout(left, minProseWidth, depth + 1), ...layout(right, minProseWidth, depth + 1)];
  });
  return [...ordered, ...between(at, slabs.length)];
}
