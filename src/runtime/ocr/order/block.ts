/**
 * A line, or several that are read together, after the tilt of the page is undone. Where text is vertical, the axes are
 * turned as well: text always runs to the right, and the next line is below.
 */
export interface Block {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  /** Number of characters, if the line was read. */
  readonly letters: number | undefined;
  /** The places in the caller's list of the lines that it holds, in reading order. */
  readonly members: readonly number[];
}

export function width({ left, right }: Block): number {
  return right - left;
}

export function height({ top, bottom }: Block): number {
  return bottom - top;
}

export function middle({ top, bottom }: Block): number {
  return (top + bottom) / 2;
}

/** The size of its letters: the shorter side. */
export function thickness(block: Block): number {
  return Math.min(width(block), height(block));
}

/** The same block with the axes of vertical text: down becomes right, and the next column to the left becomes the next line. */
export function toVertical({ left, right, top, bottom, letters, members }: Block): Block {
  return { left: top, right: bottom, top: -right, bottom: -left, letters, members };
}

/** Undoes `toVertical`. */
export function fromVertical({ left, right, top, bottom, letters, members }: Block): Block {
  return { left: -bottom, right: -top, top: left, bottom: right, letters, members };
}

export function bounds(blocks: readonly Block[]): Omit<Block, 'letters' | 'members'> {
  return {
    left: blocks.reduce((least, block) => Math.min(least, block.left), Infinity),
    right: blocks.reduce((most, block) => Math.max(most, block.right), -Infinity),
    top: blocks.reduce((least, block) => Math.min(least, block.top), Infinity),
    bottom: blocks.reduce((most, block) => Math.max(most, block.bottom), -Infinity),
  };
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
