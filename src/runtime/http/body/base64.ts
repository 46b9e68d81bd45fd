import { OcrHubError } from '../../errors/error.js';

/**
 * Decodes the base64 text of one file. Well-formed text is decoded as by Python's `base64.b64decode`, which the
 * original uses: white space is skipped, and text after the padding is ignored. A `data:image/png;base64,` prefix is
 * accepted. Other characters outside the alphabet are an error; Python drops them and decodes something else.
 *
 * @param field the name of the text in the request, for the message
 * @throws OcrHubError `image_not_base64`
 */
export function decodeBase64(text: string, field: string): Uint8Array {
  const digits = withoutSpace(stripPrefix(text));
  const match = /^([A-Za-z0-9+/]*)(={0,2})/.exec(digits);
  const [all = '', data = '', padding = ''] = match ?? [];
  const rest = digits.slice(all.length);
  if (rest !== '' && padding === '')
    throw failed(field, `character ${JSON.stringify(rest[0])} at position ${data.length}`);
  if (data.length % 4 === 1)
    throw failed(field, `${data.length} data characters cannot be 1 more than a multiple of 4`);
  const needed = (4 - (data.length % 4)) % 4;
  if (padding.length < needed) throw failed(field, 'Incorrect padding');
  if (data === '') throw failed(field, 'it is empty');
  return Buffer.from(data, 'base64');
}

function stripPrefix(text: string): string {
  return text.startsWith('data:') ? text.slice(text.indexOf(',') + 1) : text;
}

/** A regular expression would take ten seconds for 60 million characters of which every other one is a space. */
function withoutSpace(text: string): string {
  if (!/[\t-\r ]/.test(text)) return text;
  const bytes = Buffer.from(text);
  let kept = 0;
  for (const byte of bytes) if (!(byte === space || (byte >= tab && byte <= carriageReturn))) bytes[kept++] = byte;
  return bytes.toString('utf8', 0, kept);
}

const space = 0x20;
const tab = 0x09;
const carriageReturn = 0x0d;

function failed(field: string, problem: string): OcrHubError {
  return new OcrHubError('image_not_base64', { field, problem });
}
