import path from 'node:path';
import { groupFolders, readGroup } from './cgroups.js';

/**
 * Tells whether the kernel killed a process of this process's cgroup because memory ran out. The kernel counts those kills for each
 * group; each kill that is counted explains one process.
 */
export class OomKills {
  readonly #root: string;
  #explained: number | undefined;

  /** @param root the root of the file system, for tests */
  constructor(root = '/') {
    this.#root = root;
    this.#explained = countKills(root);
  }

  /** Words for the end of a process: its signal or exit code, and what is known about memory. */
  explain(end: string): string {
    if (end !== 'SIGKILL') return end;
    const count = countKills(this.#root);
    if (count === undefined || this.#explained === undefined) return `${end}, perhaps for lack of memory`;
    if (count <= this.#explained) return end;
    this.#explained++;
    const limit = memoryLimit(this.#root);
    const allowed = limit === Infinity ? '' : `; its cgroup allows ${(limit / 1024 ** 2).toFixed(0)} MiB`;
    return `${end}: the kernel killed it for lack of memory${allowed}`;
  }
}

/** How often the kernel killed a process of this process's group for lack of memory; undefined if it does not tell. */
function countKills(root: string): number | undefined {
  for (const { folder, isUnified } of groupFolders('memory', root)) {
    const text = readGroup(path.join(folder, isUnified ? 'memory.events' : 'memory.oom_control'));
    const [, count] = /^oom_kill (\d+)$/m.exec(text) ?? [];
    if (count !== undefined) return Number(count);
  }
  return undefined;
}

/** The smallest memory limit of this process's cgroup and of those around it, in bytes; Infinity without one. */
export function memoryLimit(root = '/'): number {
  const limits = groupFolders('memory', root).map(({ folder, isUnified }) => {
    const text = readGroup(path.join(folder, isUnified ? 'memory.max' : 'memory.limit_in_bytes'));
    return /^\d+$/.test(text.trim()) ? Number(text) : Infinity;
  });
  // v1 writes no limit as the largest number of whole pages.
  return Math.min(Infinity, ...limits.filter((limit) => limit < 2 ** 62));
}
