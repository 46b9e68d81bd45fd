import { nearest } from './nearest.js';

/** Names with commas between them, or `none`. */
export function list(names: readonly string[]): string {
  return names.length === 0 ? 'none' : names.join(', ');
}

/** A value as JSON, cut after 80 characters. */
export function shown(value: unknown): string {
  const text = value === undefined ? 'nothing' : toText(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

function toText(value: unknown): string {
  // JSON.stringify makes null of NaN and Infinity.
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  const json = toJson(value);
  return typeof json === 'string' ? json : typeof value;
}

/** A value that is nested thousands of levels deep cannot be written. */
function toJson(value: unknown): unknown {
  try {
    return JSON.stringify(value);
  } catch {
    return Array.isArray(value) ? 'a list' : 'an object';
  }
}

/** `; did you mean "port"?` if a name is near to the word; empty otherwise. */
export function didYouMean(word: string, names: readonly string[]): string {
  const near = nearest(word, names);
  return near === undefined ? '' : `; did you mean "${near}"?`;
}

/** In a longer list of names the right one is hard to find. */
const maxListedNames = 8;

/**
 * The end of a message about an unknown name: the nearest name, or the allowed names if they are few.
 *
 * @param source a command or an address that shows all names
 */
export function alternatives(word: string, names: readonly string[], source: string | undefined): string {
  const see = source === undefined ? '' : `See: ${source}`;
  const suggestion = didYouMean(word, names);
  if (suggestion !== '') return see === '' ? suggestion : `${suggestion} ${see}`;
  if (names.length <= maxListedNames) return `; allowed: ${list(names)}`;
  if (see !== '') return `. ${see}`;
  return `; allowed: ${list(names.slice(0, maxListedNames))}, and ${names.length - maxListedNames} more`;
}

/** The output of a process that ended, on the lines below the message. */
export function withOutput(output: string): string {
  return output === '' ? '' : `:\n${output}`;
}

/** Unreadable pictures that a message lists one by one: a request may hold a thousand. */
const maxListedPictures = 10;

/** `image 0: <reason>; image 3: <reason>; and 190 more` */
export function describeUnreadable(unreadable: readonly { index: number; reason: string }[]): string {
  const listed = unreadable.slice(0, maxListedPictures).map(({ index, reason }) => `image ${index}: ${reason}`);
  const more = unreadable.length - listed.length;
  return [...listed, ...(more > 0 ? [`and ${more} more`] : [])].join('; ');
}
