import { readFileSync, writeFileSync } from 'node:fs';

/** CPU and memory of a process between two moments; Linux only. */
export class WatchedProcess {
  readonly #pid: number;
  readonly #cpuBefore: number;
  readonly #before: number;

  constructor(pid: number) {
    this.#pid = pid;
    this.#cpuBefore = this.#ticks();
    // proc(5): 5 sets the peak back to what is resident now.
    writeFileSync(`/proc/${pid}/clear_refs`, '5');
    this.#before = this.#kilobytes('VmRSS');
  }

  /** User and system time since the beginning. Infinity if the process has ended. */
  cpuSeconds(): number {
    return orInfinity(() => (this.#ticks() - this.#cpuBefore) / 100);
  }

  /** By how much the peak of resident memory was above that at the beginning. Infinity if the process has ended. */
  peakMegabytes(): number {
    return orInfinity(() => (this.#kilobytes('VmHWM') - this.#before) / 1024);
  }

  residentMegabytes(): number {
    return this.#kilobytes('VmRSS') / 1024;
  }

  #ticks(): number {
    const stat = readFileSync(`/proc/${this.#pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return Number(fields[11]) + Number(fields[12]);
  }

  #kilobytes(name: string): number {
    const status = readFileSync(`/proc/${this.#pid}/status`, 'latin1');
    return Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1]);
  }
}

function orInfinity(read: () => number): number {
  try {
    return read();
  } catch {
    return Infinity;
  }
}
