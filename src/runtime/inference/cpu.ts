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
 * Whether int8 networks are known to be faster here and to answer as elsewhere: on x64 with AVX2, which small Intel
 * processors lacked until about 2021. Only Linux tells; elsewhere it is taken for granted, and the check on a built-in
 * page guards the answers, not the speed. With VNNI they gain more. ARM has such instructions too, but what they gain
 * and whether the results are the same has not been measured.
 */
export function suitsInt8(arch: string = process.arch, cpuinfo: string = readCpuinfo()): boolean {
  const flags = /^flags\s*:(.*)$/m.exec(cpuinfo)?.[1];
  return arch === 'x64' && (flags === undefined || /\savx2(\s|$)/.test(flags));
}

function readCpuinfo(): string {
  try {
    return readFileSync('/proc/cpuinfo', 'utf8');
  } catch {
    return ''; // another system than Linux
  }
}
