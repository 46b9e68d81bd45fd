import { existsSync, readFileSync } from 'node:fs';
import os from 'node:os';

/** What figures depend on besides the code. */
export interface Machine {
  readonly date: string;
  readonly cores: number;
  readonly cpu: string;
  readonly memoryGB: number;
  readonly system: string;
  readonly node: string;
}

export function thisMachine(): Machine {
  return {
    date: new Date().toISOString().slice(0, 10),
    cores: os.availableParallelism(),
    cpu: os.cpus()[0]?.model ?? 'unknown',
    memoryGB: Math.round(os.totalmem() / 1e9),
    system: systemName(),
    node: process.versions.node,
  };
}

export function describeMachine({ date, cores, cpu, memoryGB, system, node }: Machine): string {
  return `${date}, ${cores} cores of ${cpu}, ${memoryGB} GB, ${system}, Node ${node}`;
}

function systemName(): string {
  const release = existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : '';
  return /^PRETTY_NAME="?([^"\n]+)/m.exec(release)?.[1] ?? `${os.type()} ${os.release()}`;
}
