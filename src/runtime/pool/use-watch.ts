import { useNow, type UseNow } from '../process/use-now.js';

export interface UseLimits {
  /** Of all threads of the process. */
  readonly cpuSeconds: number;
  /** Bytes by which the process may grow. */
  readonly memory: number;
}

const intervalMs = 100;

/** The limits for a page of a file. The memory is enough for each format at the maximum of pixels (docs/security.md). */
export function decodeLimits(
  { timeout, maxPixels }: { timeout: number; maxPixels: number },
  fileSize: number,
): UseLimits {
  return { cpuSeconds: timeout / 4, memory: fileSize + Math.max(1024 ** 3, 16 * maxPixels) };
}

/** The limits for writing pages in a format: a PDF file is parsed, and pages are decoded, once more. */
export function writeLimits(
  options: { timeout: number; maxPixels: number },
  { bytes, pageCount }: { bytes: number; pageCount: number },
): UseLimits {
  const { cpuSeconds, memory } = decodeLimits(options, bytes);
  return { cpuSeconds: cpuSeconds * Math.max(1, pageCount), memory: memory + pageCount * writtenPage };
}

/** Bytes of a written page and its copy in an archive: A4 at 200 dpi has 11.6 MB of pixels, and noise compresses to no less. */
const writtenPage = 24 * 1024 ** 2;

/**
 * Looks ten times a second at what an inference process uses while it decodes a page or writes a file, until `stop`. Calls `onBreach`
 * once with what it uses. Does nothing where the OS does not tell the use of a process (macOS and Windows).
 */
export class UseWatch {
  readonly #timer: NodeJS.Timeout;

  constructor(pid: number, limits: UseLimits, onBreach: (use: string) => void, read: typeof useNow = useNow) {
    const start = read(pid);
    this.#timer = setInterval(() => {
      const now = start && read(pid);
      const use = now && breach(start, now, limits);
      if (use === undefined) return;
      this.stop();
      onBreach(use);
    }, intervalMs);
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}

function breach(start: UseNow, now: UseNow, { cpuSeconds, memory }: UseLimits): string | undefined {
  if (now.cpuSeconds - start.cpuSeconds > cpuSeconds) return `more than ${cpuSeconds} s of CPU time`;
  if (now.memory - start.memory > memory) return `more than ${memory} bytes of memory`;
  return undefined;
}
