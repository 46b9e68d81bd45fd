import { OcrHubError } from '../errors/error.js';
import { fetchRemoteFile, type ByteSink, type RemoteFile, type RemotePolicy } from './fetch-remote-file.js';
import { parseRemoteUrl } from './remote-url.js';

export const maxRemoteFiles = 20;

/** Fetches of one request at the same time. */
const maxAtOnce = 4;

/**
 * Fetches the files of one request, in the order of their addresses. All addresses are checked before the first is fetched. The
 * first error ends the other fetches.
 *
 * @param timeoutMs for all files together
 * @param stop ends the fetches; its reason is thrown if it is an OcrHubError, otherwise `client_gone`
 * @throws OcrHubError `urls_too_many`, `urls_invalid`, `client_gone`, and those of `fetchRemoteFile`
 */
export async function fetchRemoteFiles<S extends ByteSink>(
  texts: readonly string[],
  policy: RemotePolicy<S>,
  { timeoutMs, stop }: { readonly timeoutMs: number; readonly stop: AbortSignal },
): Promise<RemoteFile<S>[]> {
  if (texts.length > maxRemoteFiles) {
    throw new OcrHubError('urls_too_many', { count: texts.length, limit: maxRemoteFiles });
  }
  const urls = texts.map((text, index) => parseRemoteUrl(text, `urls[${index}]`, policy.hosts));
  const ended = new AbortController();
  const end = (error: OcrHubError): void => ended.abort(error);
  const stopped = (): void => end(OcrHubError.is(stop.reason) ? stop.reason : new OcrHubError('client_gone', {}));
  stop.addEventListener('abort', stopped, { once: true });
  if (stop.aborted) stopped();
  const tooSlow = setTimeout(() => end(new OcrHubError('urls_too_slow', { seconds: timeoutMs / 1000 })), timeoutMs);

  const files: RemoteFile<S>[] = [];
  const waiting = urls.entries();
  const fetchWaiting = async (): Promise<void> => {
    for (const [index, url] of waiting) files[index] = await fetchRemoteFile(url, policy, ended.signal);
  };
  try {
    await Promise.all(Array.from({ length: Math.min(maxAtOnce, urls.length) }, fetchWaiting));
    return files;
  } catch (error) {
    end(OcrHubError.of(error));
    throw error;
  } finally {
    clearTimeout(tooSlow);
    stop.removeEventListener('abort', stopped);
  }
}
