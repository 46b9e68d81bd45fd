import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { sum } from './statistics.js';

/** A process and all its descendants, as /proc describes them. Linux only. */
export class ProcessTree {
  readonly #pid: number;

  /** @throws Error if the system has no /proc */
  constructor(pid: number) {
    requireProc();
    this.#pid = pid;
  }

  /** User + system time of all processes and of their ended children, in steps of 10 ms. */
  cpuSeconds(): number {
    // proc(5): utime, stime, cutime and cstime are the fields 14 to 17, in ticks of which Linux reports 100 a second.
    return sum(this.#members().flatMap(({ fields }) => fields.slice(11, 15).map(Number))) / 100;
  }

  /** Resident memory now, summed over the processes. */
  residentBytes(): number {
    return this.#sumOfStatus('VmRSS');
  }

  /** The peak of resident memory of each process, summed. */
  peakBytes(): number {
    return this.#sumOfStatus('VmHWM');
  }

  /**
   * Resident memory where a file that several processes map (node itself, the engine) counts once: the private memory of
   * all, and the largest shared part of one of them. NaN if the kernel does not tell.
   */
  bytesWithSharedOnce(): number {
    const rollups = this.#members().map(({ pid }) => contents(pid, 'smaps_rollup'));
    if (rollups.length === 0 || rollups.includes('')) return NaN;
    const kilobytes = (rollup: string, kind: string): number =>
      sum([...rollup.matchAll(new RegExp(`^${kind}_\\w+:\\s+(\\d+) kB`, 'gm'))].map(([, kb]) => Number(kb)));
    const own = sum(rollups.map((rollup) => kilobytes(rollup, 'Private')));
    return 1024 * (own + Math.max(...rollups.map((rollup) => kilobytes(rollup, 'Shared'))));
  }

  /** Resolves when the processes have used less than 10 % of a core for a second, at the latest after two minutes. */
  async idle(): Promise<void> {
    for (let i = 0; i < 120; i++) {
      const before = this.cpuSeconds();
      await sleep(1000);
      if (this.cpuSeconds() - before < 0.1) return;
    }
  }

  #sumOfStatus(name: 'VmRSS' | 'VmHWM'): number {
    const line = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm');
    return 1024 * sum(this.#members().map(({ pid }) => Number(line.exec(contents(pid, 'status'))?.[1] ?? 0)));
  }

  #members(): Process[] {
    const all = readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap((name) => processOf(Number(name)));
    const members = all.filter(({ pid }) => pid === this.#pid);
    for (const { pid } of members) members.push(...all.filter(({ parent }) => parent === pid));
    return members;
  }
}

/** @throws Error if the system has no /proc */
export function requireProc(): void {
  if (!existsSync('/proc/self/stat')) throw new Error('CPU time and memory are read from /proc, which only Linux has.');
}

interface Process {
  readonly pid: number;
  readonly parent: number;
  /** /proc/PID/stat from the state on, which is the third field in proc(5). */
  readonly fields: readonly string[];
}

/** Empty if the process has just ended. */
function processOf(pid: number): Process[] {
  const stat = contents(pid, 'stat');
  if (stat === '') return [];
  // The second field is a name in brackets, which may hold spaces and brackets itself.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return [{ pid, parent: Number(fields[1]), fields }];
}

function contents(pid: number, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    return '';
  }
}
