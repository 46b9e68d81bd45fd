import { formOf } from '../../runtime/fetch-client/request-body.js';
import { send } from '../../runtime/fetch-client/send.js';
import { pagesOf, type ReadPage } from './answer.js';
import { parseDescription, type Description } from './description.js';
import type { ReadAnswer, ReadRequest, ShownPage } from './reading.js';
import { parseServerTiming } from './stage-times.js';

/** The page lies at /ui/, so its server is one level up, also below the path of a proxy. */
export const serverUrl = new URL('..', location.href);

/** @throws OcrhubError */
export async function describe(): Promise<Description> {
  return call('openapi.json', {}, async (response) => parseDescription(await response.json()));
}

/**
 * Reads a file.
 *
 * @throws OcrhubError, and the reason of the signal
 */
export async function read(
  { file, route, fields }: ReadRequest,
  token: string,
  signal: AbortSignal,
): Promise<ReadAnswer> {
  const form = formOf([file], undefined, { fields: { ...fields, page_pictures: true } });
  return call(predictPath(route), post(form, token, signal), async (response) => ({
    pages: pagesOf(await response.json()).map(toShownPage),
    times: parseServerTiming(response.headers.get('Server-Timing') ?? ''),
  }));
}

/**
 * Reads a file and returns what the server writes in a format: a file, or a ZIP archive of several.
 *
 * @throws OcrhubError, and the reason of the signal
 */
export async function readAs(
  format: string,
  { file, route, fields }: ReadRequest,
  token: string,
  signal: AbortSignal,
): Promise<Blob> {
  const form = formOf([file], format, { fields });
  return call(predictPath(route), post(form, token, signal), (response) => response.blob());
}

export function predictPath(route: string): string {
  return `predict/${encodeURIComponent(route)}`;
}

function post(body: FormData, token: string, signal: AbortSignal): RequestInit {
  return { method: 'POST', body, signal, headers: token === '' ? {} : { Authorization: `Bearer ${token}` } };
}

/** A busy server gets the request again, about four seconds long. */
const sending = { fetch: (...request: Parameters<typeof fetch>) => fetch(...request), retries: 4 };

function call<T>(path: string, init: RequestInit, take: (response: Response) => Promise<T>): Promise<T> {
  return send(new URL(path, serverUrl).href, { ...init, cache: 'no-store' }, sending, take);
}

/** The base64 is dropped: a picture as a blob takes less memory, and none of the script's. */
function toShownPage({ picture, ...page }: ReadPage): ShownPage {
  if (picture === undefined) return { ...page, picture, pictureUrl: undefined };
  const bytes = Uint8Array.from(atob(picture), (letter) => letter.charCodeAt(0));
  const pictureUrl = URL.createObjectURL(new Blob([bytes], { type: 'image/jpeg' }));
  return { ...page, picture: undefined, pictureUrl };
}
