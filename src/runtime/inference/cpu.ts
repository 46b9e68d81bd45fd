import { readFileSync } from 'node:fs';
import os from 'node:os';

/** The processor's name; empty where the system does not tell it. */
export function cpuModel(): string {
  // Asking takes milliseconds: the system also measures what each core has done.
  model ??= os.cpus()[0]?.model.trim() ?? '';
  return model;
}

let model: string | undefined;

/**
 * Whether the processor multiplies bytes into 32-bit sums in one instruction (VNNI of x86). Without it int8 networks are
 * hardly faster and may lose the sums' highest bits. Undefined where the system does not tell: only Linux does. ARM has
 * such instructions too, but what they gain and whether the results are the same has not been measured.
 */
export function multipliesBytes(cpuinfo = readCpuinfo()): boolean | undefined {
  const flags = /^flags\s*:(.*)$/m.exec(cpuinfo)?.[1];
  return flags === undefined ? undefined : /\savx(512)?_vnni(\s|$)/.test(flags);
}

function readCpuinfo(): string {
  try {
    return readFileSync('/proc/cpuinfo', 'utf8');
  } catch {
    return ''; // another system than Linux
  }
}
