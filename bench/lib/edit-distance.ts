/** The least number of letters to insert, delete or replace that makes `b` of `a`: Levenshtein, one row at a time. */
export function editDistance(a: string, b: string): number {
  const [long, short] = a.length < b.length ? [b, a] : [a, b];
  const row = Uint32Array.from({ length: short.length + 1 }, (_, i) => i);
  for (let i = 0; i < long.length; i++) {
    let diagonal = i;
    row[0] = i + 1;
    const letter = long.charCodeAt(i);
    for (let j = 0; j < short.length; j++) {
      const above = row[j + 1] ?? 0;
      const replaced = diagonal + (letter === short.charCodeAt(j) ? 0 : 1);
      row[j + 1] = Math.min(replaced, above + 1, (row[j] ?? 0) + 1);
      diagonal = above;
    }
  }
  return row[short.length] ?? 0;
}
