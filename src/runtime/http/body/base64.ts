import { isKnownFile } from '../../document/file-format.js';
import { OcrHubError } from '../../errors/error.js';
import { withoutSpaces } from './base64-spaces.js';
import { lookOfBytes, lookOfText } from './base64-looks.js';

/**
 * Decodes the base64 text of one file. Well-formed text is decoded as by Python's `base64.b64decode`, which the
 * original uses: line ends and the space around them are skipped, and text after the padding is ignored.
 *
 * Three other ways to write it are accepted, because they can mean nothing else: behind `data:image/png;base64,`, in small or capital
 * letters; with the url-safe alphabet, whose "=" at the end may be missing; and with `%2B`, `%2F`, `%3D` and the like.
 *
 * Other characters are an error; Python drops them and decodes something else. So is a space inside a line, which is usually a "+".
 * The message says what the text looks like, such as the path of a file or the digits of another encoding. Positions are those in
 * `given`, from 0.
 *
 * @param field the name of the text in the request, for the message
 * @throws OcrHubError `image_not_base64`
 */
export function decodeBase64(given: string, field: string): Uint8Array {
  const text = withoutPercents(given);
  const refuse = (problem: string): OcrHubError => {
    const look = lookOfText(text);
    return new OcrHubError('image_not_base64', {
      field,
      problem: look === undefined ? problem : `${problem}; it looks like ${look}`,
    });
  };
  const place = (index: number): string => `position ${positionOf(given, text, index)}`;

  const prefix = prefixLength(text);
  const { digits, space } = withoutSpaces(text.slice(prefix));
  const match = /^([A-Za-z0-9+/_-]*)(={0,2})/.exec(digits);
  const [all = '', data = '', padding = ''] = match ?? [];
  const rest = digits.slice(all.length);
  if (rest !== '' && padding === '') {
    const index = prefix + text.slice(prefix).search(/[^A-Za-z0-9+/_\-\t-\r ]/);
    throw refuse(`character ${shownCharacter(text, index)} at ${place(index)}`);
  }
  if (space !== undefined) throw refuse(spaceAt(place(prefix + space)));
  const isUrlSafe = /[-_]/.test(data);
  if (isUrlSafe && /[+/]/.test(data)) {
    const index = prefix + text.slice(prefix).search(/[-_]/);
    throw refuse(
      `character ${shownCharacter(text, index)} at ${place(index)}, beside "+" or "/" of the other alphabet`,
    );
  }
  const needed = (4 - (data.length % 4)) % 4;
  const isCut = padding.length < needed && !(isUrlSafe && padding === '');
  // A "+" beside a line end, or at the end, may have been lost too.
  if (isCut && text.includes(' ', prefix)) throw refuse(spaceAt(place(text.indexOf(' ', prefix))));
  if (data.length % 4 === 1) throw refuse(`${data.length} data characters cannot be 1 more than a multiple of 4`);
  if (isCut) throw refuse(`Incorrect padding: ${data.length} data characters need ${'='.repeat(needed)} behind them`);
  if (data === '') throw refuse('it is empty');

  const bytes = Buffer.from(data, 'base64');
  if (isKnownFile(bytes)) return bytes;
  const look = lookOfText(text) ?? lookOfBytes(bytes);
  if (look !== undefined) throw new OcrHubError('image_not_base64', { field, problem: `it looks like ${look}` });
  return bytes;
}

/** The text behind percent signs, as a form or an address writes it; the text itself if they are no such writing. */
function withoutPercents(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The place in the text as it was given, of which all characters before the place are ASCII. */
function positionOf(given: string, text: string, index: number): number {
  if (given === text) return index;
  let position = 0;
  for (let i = 0; i < index; i++) position += given[position] === '%' ? 3 : 1;
  return position;
}

/** The length of `data:image/png;base64,`, with a byte order mark and white space before it. */
function prefixLength(text: string): number {
  return /^\uFEFF?(\s*data:[^,]{0,200},)?/i.exec(text)?.[0].length ?? 0;
}

/** In quotes; characters that are hard to see also by their number. */
function shownCharacter(text: string, index: number): string {
  const code = text.codePointAt(index) ?? 0;
  const json = JSON.stringify(String.fromCodePoint(code));
  const isPlain = /^"(\\.|[\x20-\x7e]|\p{L})"$/u.test(json) || json.startsWith('"\\u');
  return isPlain ? json : `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
}

function spaceAt(place: string): string {
  return `a space at ${place}; a "+" becomes a space in a form or an address unless it is written as %2B`;
}
