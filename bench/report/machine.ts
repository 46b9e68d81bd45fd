import { existsSync, readFileSync } from 'node:fs';
import os from 'node:os';

/** The machine that the figures were measured on. */
export interface Machine {
  readonly date: string;
  readonly cores: number;
  readonly cpu: string;
  /** The instructions for int8 networks, as Linux reports them, and which of them were hidden (lib/hide-features.ts). */
  readonly vectors: string;
  readonly memoryGB: number;
  readonly system: string;
  readonly node: string;
}

export function thisMachine(): Machine {
  return {
    date: new Date().toISOString().slice(0, 10),
    cores: os.availableParallelism(),
    cpu: os.cpus()[0]?.model ?? 'unknown',
    vectors: `${vectorsOf(read('/proc/cpuinfo'))}${hidden()}`,
    memoryGB: Math.round(os.totalmem() / 1e9),
    system: systemName(),
    node: process.versions.node,
  };
}

export function describeMachine({ date, cores, cpu, vectors, memoryGB, system, node }: Machine): string {
  return `${date}, ${cores} cores of ${cpu} with ${vectors}, ${memoryGB} GB, ${system}, Node ${node}`;
}

function hidden(): string {
  const features = process.env['HIDE_FEATURES'];
  if (features === undefined) return '';
  return features === 'vnni' ? ', of which AVX2 was left to be found' : ', of which AMX was hidden';
}

function vectorsOf(cpuinfo: string): string {
  const flags = new Set(/^flags\s*:(.*)$/m.exec(cpuinfo)?.[1]?.split(' '));
  if (flags.has('amx_int8')) return 'AMX, AVX-512 and VNNI';
  if (flags.has('avx512_vnni')) return 'AVX-512 and VNNI';
  if (flags.has('avx_vnni')) return 'AVX2 and VNNI';
  if (flags.has('avx512f')) return 'AVX-512, without VNNI';
  return flags.has('avx2') ? 'AVX2, without VNNI' : 'unknown vectors';
}

function systemName(): string {
  return /^PRETTY_NAME="?([^"\n]+)/m.exec(read('/etc/os-release'))?.[1] ?? `${os.type()} ${os.release()}`;
}

/** The text of a file; empty if there is none. */
function read(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}
