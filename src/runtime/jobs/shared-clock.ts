import { randomBytes } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import path from 'node:path';

/** How often the clocks are compared. */
const compareMs = 60_000;

/** Whether a file was made to ask for the time. One that could not be removed is for a sweep. */
export function isProbe(name: string): boolean {
  return /^\.clock-[\da-f]{16}$/.test(name);
}

/**
 * The clock of the file system that holds a folder. On a share it is the server's, and the clocks of the machines need not agree. It
 * is asked once a minute; in between, this machine's clock goes on.
 */
export class SharedClock {
  readonly #folder: string;
  #ahead = 0;
  #comparedAt = -Infinity;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Milliseconds. */
  async now(): Promise<number> {
    if (performance.now() - this.#comparedAt > compareMs) await this.#compare();
    return Date.now() + this.#ahead;
  }

  /** A folder that cannot be written to, or is not there yet, leaves this machine's clock. */
  async #compare(): Promise<void> {
    const probe = path.join(this.#folder, `.clock-${randomBytes(8).toString('hex')}`);
    const handle = await open(probe, 'wx', 0o600).catch(() => undefined);
    if (handle === undefined) return;
    try {
      const { mtimeMs } = await handle.stat();
      const ahead = mtimeMs - Date.now();
      // Less is the time of the call, and the granularity of the file system.
      this.#ahead = Math.abs(ahead) < 1000 ? 0 : ahead;
    } catch {
      // As for a folder that cannot be written to.
    } finally {
      // Also if it failed: each try makes a file, which may stay.
      this.#comparedAt = performance.now();
      await handle.close().catch(() => undefined);
      await rm(probe, { force: true }).catch(() => undefined);
    }
  }
}
