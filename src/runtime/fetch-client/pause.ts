/** The longest pause between two attempts, in milliseconds. */
const maxPauseMs = 60_000;

/** Milliseconds until the time in a header Retry-After, which has seconds or a date; undefined if it has neither. */
export function retryAfterMs(header: string | null | undefined, now = Date.now()): number | undefined {
  const text = header?.trim() ?? '';
  if (/^\d+(\.\d+)?$/.test(text)) return Math.min(Number(text) * 1000, maxPauseMs);
  // Date.parse also takes texts such as "-5", which are no dates of HTTP.
  const time = /^[A-Z][a-z]{2}, /.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(time) ? undefined : Math.min(Math.max(time - now, 0), maxPauseMs);
}

/** 0.5 s after the first attempt, then twice as long each time. */
export function backoffMs(attempt: number): number {
  return Math.min(250 * 2 ** attempt, maxPauseMs);
}

/** @throws the reason of the signal, as soon as that is aborted */
export async function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  let end: () => void = () => undefined;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    end = () => {
      clearTimeout(timer);
      resolve();
    };
    signal?.addEventListener('abort', end, { once: true });
  });
  signal?.removeEventListener('abort', end);
  signal?.throwIfAborted();
}
