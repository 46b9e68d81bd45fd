import { readFileSync } from 'node:fs';
import os from 'node:os';

/** The processor's name; empty if the OS does not tell it. */
export function cpuModel(): string {
  // os.cpus() takes milliseconds, because it also measures each core.
  model ??= os.cpus()[0]?.model.trim() ?? '';
  return model;
}

let model: string | undefined;

/**
 * Whether int8 networks are known to be faster on this processor: on x64 with AVX2, which small Intel processors lacked
 * until about 2021. VNNI gains more. Only Linux lists the features; on another OS, AVX2 is assumed, and the check on a
 * built-in page protects the results, not the speed. ARM has not been measured.
 */
export function suitsInt8(arch: string = process.arch, cpuinfo: string = readCpuinfo()): boolean {
  const flags = /^flags\s*:(.*)$/m.exec(cpuinfo)?.[1];
  return arch === 'x64' && (flags === undefined || /\savx2(\s|$)/.test(flags));
}

function readCpuinfo(): string {
  try {
    return readFileSync('/proc/cpuinfo', 'utf8');
  } catch {
    return ''; // not Linux
  }
}
