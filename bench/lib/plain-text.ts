/** A text without what labels and recognizers write differently: case, spaces, widths, kinds of dashes and quotes. */
export function plainText(text: string): string {
  return comparable(text).replace(/\s+/gu, '');
}

/** As `plainText`, with its spaces. */
export function comparable(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/[“”„]/gu, '"')
    .replace(/[‘’]/gu, "'")
    .replace(/[–—―−‐‑]/gu, '-')
    .replace(/[∼〜]/gu, '~')
    .replaceAll('⋅', '·')
    .toUpperCase();
}
