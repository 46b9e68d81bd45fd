import type { OcrHubError } from './error.js';

/** The code and the hint of an error, as an HTTP answer carries them beside its body. */
export interface ErrorHeaders {
  readonly 'X-Ocrhub-Error': string;
  readonly 'X-Ocrhub-Hint'?: string;
}

/** The headers of an answer with an error. */
export function errorHeaders({ code, causeCode, hint }: OcrHubError): ErrorHeaders {
  // The hint is then the stack frames of the module, which name files of the server.
  const isFrames = code === 'module_threw' || causeCode === 'module_threw';
  if (hint === '' || isFrames) return { 'X-Ocrhub-Error': code };
  return { 'X-Ocrhub-Error': code, 'X-Ocrhub-Hint': encodeHint(hint) };
}

/** Reads the headers of an answer, with their names in lower case; undefined if the server sends no code. */
export function readErrorHeaders(
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
): { readonly code: string; readonly hint: string } | undefined {
  const code = headers['x-ocrhub-error'];
  const hint = headers['x-ocrhub-hint'];
  // Another program may answer with this header: only a code of the usual form is believed.
  if (typeof code !== 'string' || !/^[a-z][a-z0-9_]{0,63}$/.test(code)) return undefined;
  return { code, hint: typeof hint === 'string' ? decodeHint(hint) : '' };
}

/** Characters of an encoded hint. Servers and proxies refuse headers of some kilobytes. */
const maxHintLength = 1000;

/**
 * A hint as one line of printable ASCII. Other characters, and the percent sign, are percent-encoded as UTF-8, as in a
 * URL. A hint that is too long is cut.
 */
function encodeHint(hint: string): string {
  let encoded = '';
  for (const character of hint.replaceAll(/\s+/g, ' ').replaceAll(/\p{Surrogate}/gu, '\ufffd')) {
    const next = /[ -$&-~]/.test(character) ? character : encodeURIComponent(character);
    if (encoded.length + next.length > maxHintLength - 3) return `${encoded}...`;
    encoded += next;
  }
  return encoded;
}

function decodeHint(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // Not encoded by encodeHint.
    return text;
  }
}
