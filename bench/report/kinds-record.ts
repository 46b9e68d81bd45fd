import { existsSync, readFileSync } from 'node:fs';
import { writeFormatted, writePart } from './document.js';
import { markdownTable } from './table.js';

/** What was counted of one kind in one precision. */
export interface KindCounts {
  /** Pictures that were read. */
  readonly pictures: number;
  /** Pictures or lines that were counted. */
  readonly of: number;
  readonly right: number;
  readonly wrong: number;
  readonly nothing: number;
}

type Precision = 'int8' | 'f32';
type KindsRecord = Partial<Record<string, Partial<Record<Precision, KindCounts>>>>;

const file = 'docs/kinds.json';
const page = 'docs/accuracy.md';

/** Keeps the counts of a kind, and writes the table of all kinds that were ever recorded into docs/accuracy.md. */
export async function recordKind(kind: string, precision: Precision, counts: KindCounts): Promise<void> {
  const before = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as KindsRecord) : {};
  const record: KindsRecord = { ...before, [kind]: { ...before[kind], [precision]: counts } };
  await writeFormatted(file, JSON.stringify(record));
  await writePart(page, 'kinds', tableOf(record));
}

function tableOf(record: KindsRecord): string {
  const cells = (counts: KindCounts | undefined): string[] =>
    counts === undefined ? ['–', '–'] : [`${counts.right} of ${counts.of}`, `${counts.wrong}, ${counts.nothing}`];
  const rows = Object.entries(record).map(([kind, of]) => [kind, ...cells(of?.int8), ...cells(of?.f32)]);
  return markdownTable(['kind', 'int8: right', 'wrong, nothing', 'f32: right', 'wrong, nothing'], rows);
}
