import { readFileSync } from 'node:fs';

/** What a process has used until now. */
export interface UseNow {
  /** Seconds of all its threads since it started. */
  readonly cpuSeconds: number;
  /** Resident memory in bytes. */
  readonly memory: number;
}

/** Reads the use of a process without waiting; undefined if the OS has no /proc, or the process is gone. */
export function useNow(pid: number): UseNow | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in parentheses may hold spaces. The 12th and 13th fields after it are the times in user and kernel mode.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [, kilobytes] = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return { cpuSeconds: (Number(fields[11]) + Number(fields[12])) / ticksPerSecond, memory: Number(kilobytes) * 1024 };
  } catch {
    return undefined;
  }
}

/** USER_HZ, which is 100 on all platforms of Node. */
const ticksPerSecond = 100;
