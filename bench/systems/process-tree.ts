import { readdirSync, readFileSync } from 'node:fs';

/** A process and everything it has started, by what /proc says of them; Linux only. */
export class ProcessTree {
  readonly #pid: number;

  constructor(pid: number) {
    this.#pid = pid;
  }

  /** User + system of all of them, ended children included. In steps of 10 ms. */
  cpuSeconds(): number {
    // proc(5): utime, stime, cutime and cstime are the fields 14 to 17, in ticks of which Linux reports 100 a second.
    const ticks = this.#members().flatMap(({ fields }) => fields.slice(11, 15).map(Number));
    return ticks.reduce((sum, value) => sum + value, 0) / 100;
  }

  /** The most that each of them has had resident, summed. */
  peakBytes(): number {
    const peaks = this.#members().map(({ pid }) => /^VmHWM:\s+(\d+) kB$/m.exec(contents(pid, 'status'))?.[1] ?? '0');
    return peaks.reduce((sum, kilobytes) => sum + Number(kilobytes) * 1024, 0);
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

interface Process {
  readonly pid: number;
  readonly parent: number;
  /** Of /proc/PID/stat from the state on, which is the third in proc(5). */
  readonly fields: readonly string[];
}

/** Nothing when the process has just ended. */
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
