import { readFileSync } from 'node:fs';
import { OcrHubError } from '../errors/error.js';
import { memoryLimit } from './oom-kills.js';

/** What a page needs beside what its process holds with its models loaded (`npm run bench:grow`, docs/performance.md). */
const pageBytes = 130 * 1000 ** 2;

/** What a page of 0.3 megapixels needs, by the same measurement. */
const leastBytes = 60 * 1000 ** 2;

/** In 130 MiB the kernel kills `ocrhub run` at a page of 0.3 megapixels, and in 90 MiB while it opens the stock models. */
const leastToBegin = 150 * 1024 ** 2;

/** A warning if a process that is about to load models may not get as far as `checkMemory`; undefined otherwise. */
export function warnOfLittleMemory(root = '/'): string | undefined {
  const limit = memoryLimit(root);
  if (limit > leastToBegin) return undefined;
  return `the cgroup allows ${mebibytes(limit)}, and the stock models need about ${mebibytes(leastToBegin)} for a small page; the kernel may kill the process that reads. Allow more memory`;
}

/**
 * Compares what processes hold after their warm-up with the memory that their cgroup allows. Memory of files is not counted: the
 * system can take it back.
 *
 * @param processes the ids of the inference processes; `others` those of the processes beside them, or that of a process that reads by
 *   itself
 * @param root the root of the file system, for tests
 * @returns a warning if a page of 5 megapixels in each process does not fit; undefined if it does, or if nothing is known
 * @throws OcrHubError `memory_too_small` if not even a page of 0.3 megapixels fits
 */
export function checkMemory(
  { processes, others }: { readonly processes: readonly number[]; readonly others: readonly number[] },
  root = '/',
): string | undefined {
  const limit = memoryLimit(root);
  const parts = [...processes, ...others].map((pid) => anonymousMemory(pid, root));
  const held = parts.reduce((sum: number, bytes) => sum + (bytes ?? 0), 0);
  if (limit === Infinity || parts.includes(undefined)) return undefined;
  const readers = Math.max(1, processes.length);
  const needed = held + readers * pageBytes;
  if (held + leastBytes > limit) {
    throw new OcrHubError('memory_too_small', {
      allowed: mebibytes(limit),
      held: mebibytes(held),
      needed: mebibytes(needed),
      processes: processes.length,
    });
  }
  if (needed <= limit) return undefined;
  const each = readers === 1 ? 'page of 5 megapixels' : 'page of 5 megapixels in each inference process';
  const [who, hold] = processes.length === 0 ? ['this process', 'holds'] : ['the processes', 'hold'];
  const fewer = readers === 1 ? '' : ', or start fewer processes';
  return `the cgroup allows ${mebibytes(limit)}, and ${who} ${hold} ${mebibytes(held)} with the models loaded; a ${each} takes up to ${mebibytes(readers * pageBytes)} more, and the kernel may kill a process. Allow more memory${fewer}`;
}

/** Bytes that a process holds and that are no file's; undefined if the system does not tell. */
function anonymousMemory(pid: number, root: string): number | undefined {
  try {
    const [, kilobytes] = /^RssAnon:\s+(\d+) kB/m.exec(readFileSync(`${root}proc/${pid}/status`, 'utf8')) ?? [];
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
  } catch {
    return undefined;
  }
}

function mebibytes(bytes: number): string {
  return `${(bytes / 1024 ** 2).toFixed(0)} MiB`;
}
