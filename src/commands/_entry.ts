/** What a module answered for a picture, a line each: confidence and text where it has them, otherwise as it came. */
export function entryLines(entry: unknown): string[] {
  const lines: readonly unknown[] = Array.isArray(entry) ? entry : [entry];
  return lines.map((line) => `  ${lineText(line)}`);
}

function lineText(line: unknown): string {
  const { text, confidence } = (typeof line === 'object' && line !== null ? line : {}) as {
    text?: unknown;
    confidence?: unknown;
  };
  if (typeof text !== 'string' || typeof confidence !== 'number') return JSON.stringify(line);
  return `${confidence.toFixed(3)}  ${text}`;
}
