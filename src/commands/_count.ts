/** A number with what it counts: 1 picture, 2 pictures. */
export function countText(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
