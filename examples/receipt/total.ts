import type { TextLine } from 'ocrhub';

/** The amount beside the surest label; the last one where a label stands more than once. */
export function findTotal(
  lines: readonly TextLine[],
  labels: readonly string[],
  others: readonly string[],
): number | undefined {
  const rows = toRows(lines).map((row) => row.map(({ text }) => text).join(' '));
  for (const label of labels) {
    const found = rows.filter((row) => holds(row, label) && !others.some((other) => holds(row, other)));
    const amounts = found.map(amountOf).filter((amount) => amount !== undefined);
    if (amounts.length > 0) return amounts.at(-1);
  }
  return undefined;
}

/** Label and amount are lines of their own to the detector: a row is what stands at one height, from left to right. */
function toRows(lines: readonly TextLine[]): TextLine[][] {
  const rows: TextLine[][] = [];
  for (const line of [...lines].sort((a, b) => middle(a) - middle(b))) {
    const row = rows.at(-1);
    const last = row?.at(-1);
    if (row !== undefined && last !== undefined && middle(line) - middle(last) < height(last) / 2) row.push(line);
    else rows.push([line]);
  }
  return rows.map((row) => row.sort((a, b) => a.text_region[0][0] - b.text_region[0][0]));
}

function middle({ text_region: [topLeft, , bottomRight] }: TextLine): number {
  return (topLeft[1] + bottomRight[1]) / 2;
}

function height({ text_region: [topLeft, , , bottomLeft] }: TextLine): number {
  return bottomLeft[1] - topLeft[1];
}

function holds(row: string, word: string): boolean {
  return row.toLowerCase().includes(word.toLowerCase());
}

/** The last number with two decimals: 1,234.50, 1.234,50 or 50.28. */
function amountOf(row: string): number | undefined {
  const text = [...row.matchAll(/-?\d[\d.,]*[.,]\d\d(?!\d)/g)].at(-1)?.[0];
  return text === undefined ? undefined : Number(`${text.slice(0, -3).replace(/[.,]/g, '')}.${text.slice(-2)}`);
}
