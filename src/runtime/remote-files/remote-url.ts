import { OcrHubError } from '../errors/error.js';
import { matchesHost, type HostPattern } from '../addresses/host-pattern.js';

const maxLength = 8192;

/**
 * Reads the address of a remote file.
 *
 * @param place of the address in the request, for the message
 * @throws OcrHubError `urls_invalid`, `url_refused`, `url_host_refused`
 */
export function parseRemoteUrl(text: string, place: string, hosts: readonly HostPattern[]): URL {
  if (text.length > maxLength) throw invalid(`${place} is longer than ${maxLength} characters`);
  // The parser of URLs drops tabs and line breaks and trims spaces.
  if (/[\p{Cc}\s]/u.test(text)) throw invalid(`${place} holds a space or a control character`);
  if (!URL.canParse(text)) throw invalid(`${place} is no address`);
  const url = new URL(text);
  requireAllowed(url, hosts, shownUrl(url));
  return url;
}

/**
 * The address to which an answer redirects.
 *
 * @throws OcrHubError `url_refused`, `url_host_refused`, `url_unreachable`
 */
export function parseRedirect(location: string, from: URL, hosts: readonly HostPattern[]): URL {
  const shown = shownUrl(from);
  if (location === '' || !URL.canParse(location, from.href)) {
    throw new OcrHubError('url_unreachable', { url: shown, problem: 'it redirects to what is no address' });
  }
  const url = new URL(location, from);
  requireAllowed(url, hosts, shown);
  if (from.protocol === 'https:' && url.protocol === 'http:') {
    throw new OcrHubError('url_refused', { url: shown, problem: 'it redirects from https to http' });
  }
  return url;
}

/** An address as messages show it: without user, password, query and fragment, which may hold secrets. */
export function shownUrl({ protocol, host, pathname }: URL): string {
  const shown = host === '' ? protocol : `${protocol}//${host}${pathname}`;
  return shown.length > 200 ? `${shown.slice(0, 200)}...` : shown;
}

/** The last part of an address's path; empty if there is none. */
export function fileNameOf({ pathname }: URL): string {
  const segment = pathname.slice(pathname.lastIndexOf('/') + 1);
  return decoded(segment)
    .replace(/^.*[\\/]/s, '')
    .replace(/\p{Cc}/gu, '')
    .slice(0, 255);
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/** @param shown the address of the request, which may have led here by redirects */
function requireAllowed(url: URL, hosts: readonly HostPattern[], shown: string): void {
  const refuse = (problem: string): OcrHubError => new OcrHubError('url_refused', { url: shown, problem });
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw refuse('expected http:// or https://');
  if (url.username !== '' || url.password !== '') throw refuse('it holds a user name or a password');
  if (!hosts.some((pattern) => matchesHost(pattern, url))) {
    throw new OcrHubError('url_host_refused', { url: shown, host: url.host });
  }
}

function invalid(problem: string): OcrHubError {
  return new OcrHubError('urls_invalid', { problem });
}
