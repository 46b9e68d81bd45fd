/** JSON values of one request. */
export const maxValues = 100_000;

/**
 * The values in JSON text; of a text with more than `limit`, a number above it. Counts the commas and opening brackets outside
 * strings; the parser refuses text that is not JSON.
 *
 * Parsing tiny values takes a hundred times as long as parsing the same number of bytes of pictures, and cannot be
 * interrupted: 60 MiB of empty objects take minutes. So they are counted first.
 */
export function countValues(json: Uint8Array, limit = maxValues): number {
  let values = 1;
  for (let at = 0; at < json.length && values <= limit; at++) {
    const byte = json[at];
    if (byte === quote) at = endOfString(json, at);
    else if (byte === comma || byte === openBracket || byte === openBrace) values++;
  }
  return values;
}

/** The index of the quote that ends the string which begins at `start`. */
export function endOfString(json: Uint8Array, start: number): number {
  let at = start + 1;
  for (; at < json.length && json[at] !== quote; at++) if (json[at] === backslash) at++;
  return at;
}

const quote = 0x22;
const comma = 0x2c;
const openBracket = 0x5b;
const backslash = 0x5c;
const openBrace = 0x7b;
