import path from 'node:path';
import { root } from '../harness.js';
import type { System } from './system.js';

/** A row of ocrhub: parameters of `systemParams` and the threads of one inference. */
interface Row {
  readonly name: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly threads: number;
}

const rows: readonly Row[] = [
  { name: 'ocrhub', params: {}, threads: 1 },
  { name: 'ocrhub, two threads', params: {}, threads: 2 },
  { name: 'ocrhub accurate', params: { setting: 'accurate' }, threads: 1 },
  { name: 'ocrhub fast', params: { setting: 'fast' }, threads: 1 },
  { name: 'ocrhub in f32', params: { precision: 'f32' }, threads: 1 },
];

/** ocrhub's pipeline in one process, without a server. */
export const ours: readonly System[] = rows.map((row) => ({
  name: row.name,
  isOurs: true,
  bring: () => ocrhubCommand(row),
}));

export function ocrhubCommand({ params, threads }: Omit<Row, 'name'>, worker = 'ocrhub.js'): string[] {
  return [process.execPath, path.join(root, 'bench', 'workers', worker), JSON.stringify({ params, threads })];
}
