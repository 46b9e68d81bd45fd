/** Scrolls an area, and nothing around it, until an element in it can be seen. */
export function scrollInside(area: Element | null, element: Element | null | undefined): void {
  if (area === null || element === null || element === undefined) return;
  const outer = area.getBoundingClientRect();
  const inner = element.getBoundingClientRect();
  const top = inner.top < outer.top ? inner.top - outer.top : Math.max(0, inner.bottom - outer.bottom);
  const left = inner.left < outer.left ? inner.left - outer.left : Math.max(0, inner.right - outer.right);
  if (top !== 0 || left !== 0) area.scrollBy({ top, left });
}

/** Where the mouse was when it was last seen on a line, in pixels of the screen. */
let seenAt: readonly [x: number, y: number] | undefined;

/** Whether the user moved the mouse. Browsers also tell of a mouse that rests while the area is scrolled below it. */
export function isPointing({ screenX, screenY }: MouseEvent): boolean {
  const isSame = seenAt?.[0] === screenX && seenAt[1] === screenY;
  seenAt = [screenX, screenY];
  return !isSame;
}
