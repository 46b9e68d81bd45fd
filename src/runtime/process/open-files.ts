import { readFileSync } from 'node:fs';

/** How many files this process may have open (`ulimit -n`); undefined where the OS has no /proc, or there is no limit. */
export function maxOpenFiles(): number | undefined {
  try {
    const [, limit] = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? [];
    return limit === undefined ? undefined : Number(limit);
  } catch {
    return undefined;
  }
}
