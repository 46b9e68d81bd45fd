import type { PageLine } from '../../../document/page.js';

/** Left, top, right and bottom of a region. */
export function boundsOf(region: PageLine['text_region']): [left: number, top: number, right: number, bottom: number] {
  const xs = region.map(([x]) => x);
  const ys = region.map(([, y]) => y);
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}
