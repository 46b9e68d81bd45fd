import { OcrHubError } from '../../errors/error.js';

/**
 * Decodes the base64 text of one file. Well-formed text is decoded as by Python's `base64.b64decode`, which the
 * original uses: line ends and the space around them are skipped, and text after the padding is ignored. A
 * `data:image/png;base64,` prefix is accepted. Other characters outside the alphabet are an error; Python drops them and decodes
 * something else. So is a space inside a line, which is usually a "+".
 *
 * @param field the name of the text in the request, for the message
 * @throws OcrHubError `image_not_base64`
 */
export function decodeBase64(text: string, field: string): Uint8Array {
  const prefix = prefixLength(text);
  const { digits, space } = withoutSpace(text.slice(prefix));
  const match = /^([A-Za-z0-9+/]*)(={0,2})/.exec(digits);
  const [all = '', data = '', padding = ''] = match ?? [];
  const rest = digits.slice(all.length);
  if (rest !== '' && padding === '')
    throw failed(field, `character ${JSON.stringify(rest[0])} at position ${data.length}`);
  if (space !== undefined) throw failed(field, spaceAt(prefix + space));
  const needed = (4 - (data.length % 4)) % 4;
  // A "+" beside a line end, or at the end, may have been lost too.
  if (padding.length < needed && text.includes(' ', prefix)) throw failed(field, spaceAt(text.indexOf(' ', prefix)));
  if (data.length % 4 === 1)
    throw failed(field, `${data.length} data characters cannot be 1 more than a multiple of 4`);
  if (padding.length < needed) throw failed(field, 'Incorrect padding');
  if (data === '') throw failed(field, 'it is empty');
  return Buffer.from(data, 'base64');
}

function prefixLength(text: string): number {
  return text.startsWith('data:') ? text.indexOf(',') + 1 : 0;
}

/**
 * Removes white space: line ends, tabs, and spaces beside them or at the ends. Returns the place of a space inside a line, unless
 * the spaces part lines of equal length, as a shell does that joins the lines of a file.
 *
 * A regular expression would take ten seconds for 60 million characters of which every other one is a space.
 */
function withoutSpace(text: string): { readonly digits: string; readonly space?: number } {
  if (!/[\t-\r ]/.test(text)) return { digits: text };
  const bytes = Buffer.from(text, 'utf8');
  const isWhite = (byte: number | undefined): boolean => byte === space || isLineSpace(byte);
  let kept = 0;
  let firstInner: number | undefined;
  const groups = new Groups();
  let start = 0;
  for (let i = 0; i < bytes.length;) {
    const byte = bytes[i] ?? 0;
    if (!isWhite(byte)) {
      bytes[kept++] = byte;
      i++;
      continue;
    }
    const from = i;
    let onlySpaces = true;
    for (; i < bytes.length && isWhite(bytes[i]); i++) if (bytes[i] !== space) onlySpaces = false;
    if (i === bytes.length) break;
    if (kept > start) groups.end(kept - start, i - from);
    start = kept;
    if (onlySpaces && kept > 0 && bytes[i] !== equals) firstInner ??= from;
  }
  const digits = bytes.toString('utf8', 0, kept);
  if (firstInner === undefined || groups.areLines(kept - start, kept)) return { digits };
  return { digits, space: firstInner };
}

/** The stretches between white space. */
class Groups {
  #length: number | undefined;
  #areEqual = true;

  /** @param spaces the white space behind the stretch */
  end(length: number, spaces: number): void {
    this.#length ??= length;
    if (length !== this.#length || spaces > 1) this.#areEqual = false;
  }

  /** Whether the stretches are lines: of equal length, the last not longer, and whole groups of four characters together. */
  areLines(last: number, total: number): boolean {
    const length = this.#length ?? 0;
    return this.#areEqual && length >= minLine && length % 4 === 0 && last <= length && total % 4 === 0;
  }
}

/** Lines of base64 have 60 to 76 characters. */
const minLine = 32;

const space = 0x20;
const equals = 0x3d;

/** Tab, line feed, vertical tab, form feed, carriage return. */
function isLineSpace(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x09 && byte <= 0x0d;
}

function spaceAt(position: number): string {
  return `a space at position ${position}; a "+" becomes a space in a form or an address unless it is written as %2B`;
}

function failed(field: string, problem: string): OcrHubError {
  return new OcrHubError('image_not_base64', { field, problem });
}
