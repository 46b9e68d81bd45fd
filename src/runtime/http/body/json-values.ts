/**
 * Whether JSON text holds more than so many values, told by the commas and opening brackets outside its texts; what is
 * no JSON is for the parser to refuse.
 *
 * Tiny values take the parser a hundred times as long as the same bytes of pictures, and it cannot be interrupted.
 */
export function holdsMoreValues(json: Uint8Array, limit: number): boolean {
  let values = 1;
  for (let at = 0; at < json.length; at++) {
    const byte = json[at];
    if (byte === quote) at = endOfText(json, at);
    else if ((byte === comma || byte === openBracket || byte === openBrace) && ++values > limit) return true;
  }
  return false;
}

/** The place of the quote that ends the text which begins at `start`. */
function endOfText(json: Uint8Array, start: number): number {
  let at = start + 1;
  for (; at < json.length && json[at] !== quote; at++) if (json[at] === backslash) at++;
  return at;
}

const quote = 0x22;
const comma = 0x2c;
const openBracket = 0x5b;
const backslash = 0x5c;
const openBrace = 0x7b;
