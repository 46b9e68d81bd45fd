/** Scrolls an area, and nothing around it, until an element in it can be seen. */
export function scrollInside(area: Element | null, element: Element | null | undefined): void {
  if (area === null || element === null || element === undefined) return;
  const outer = area.getBoundingClientRect();
  const inner = element.getBoundingClientRect();
  const top = inner.top < outer.top ? inner.top - outer.top : Math.max(0, inner.bottom - outer.bottom);
  const left = inner.left < outer.left ? inner.left - outer.left : Math.max(0, inner.right - outer.right);
  if (top !== 0 || left !== 0) area.scrollBy({ top, left });
}
