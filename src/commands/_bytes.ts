/** A size as people read it: 21.2 MB, of a million bytes each; a question mark where it is not known. */
export function bytesText(bytes: number | undefined): string {
  if (bytes === undefined) return '?';
  const unit = units.find(({ size }) => bytes >= size);
  return unit === undefined ? `${bytes} bytes` : `${(bytes / unit.size).toFixed(1)} ${unit.name}`;
}

const units = [
  { name: 'GB', size: 1e9 },
  { name: 'MB', size: 1e6 },
  { name: 'kB', size: 1e3 },
];
