/** The value in `name=value`: a boolean or a number if it looks like one, else the text. */
export function parsedValue(value: string): unknown {
  if (value === 'true' || value === 'false') return value === 'true';
  return value !== '' && !Number.isNaN(Number(value)) ? Number(value) : value;
}
