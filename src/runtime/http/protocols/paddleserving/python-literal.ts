/** The text of a list, a number or a string in Python's syntax, as `repr` prints it. */
export function toPython(value: PythonValue): string {
  if (typeof value === 'string') return quoted(value);
  if (typeof value === 'number') return numberText(value);
  if ('tuple' in value) return `(${value.tuple.map(toPython).join(', ')}${value.tuple.length === 1 ? ',' : ''})`;
  return `[${value.map(toPython).join(', ')}]`;
}

export type PythonValue = string | number | readonly PythonValue[] | { readonly tuple: readonly PythonValue[] };

/**
 * Clients evaluate the literal as code. In quotes, only the quote, the backslash and the end of a line have a meaning; they and
 * each character that cannot be seen, or that reorders text, are escaped.
 */
function quoted(text: string): string {
  const escaped = text.replace(/['\\]|[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/gu, escape);
  return `'${escaped}'`;
}

function escape(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (character === "'" || character === '\\') return `\\${character}`;
  return code > 0xff_ff ? `\\U${code.toString(16).padStart(8, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
}

/** JavaScript prints finite numbers as Python reads them. */
function numberText(value: number): string {
  if (!Number.isFinite(value)) throw new RangeError(`${value} is no Python literal`);
  return String(value);
}
