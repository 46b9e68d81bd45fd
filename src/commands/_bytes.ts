/** A size as people read it: 21.2 MB; a question mark where it is not known. */
export function bytesText(bytes: number | undefined): string {
  if (bytes === undefined) return '?';
  return bytes < 1e5 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
