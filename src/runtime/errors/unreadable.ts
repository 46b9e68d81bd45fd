/** A request may hold hundreds of pictures; a message names so many of those that could not be read. */
const named = 10;

/** `image 0: <reason>; image 3: <reason>; and 190 more` */
export function describeUnreadable(unreadable: readonly { index: number; reason: string }[]): string {
  const told = unreadable.slice(0, named).map(({ index, reason }) => `image ${index}: ${reason}`);
  const more = unreadable.length - told.length;
  return [...told, ...(more > 0 ? [`and ${more} more`] : [])].join('; ');
}
