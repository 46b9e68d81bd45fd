/** Whether a text is the beginning of a path, such as `/ocr` or `/tools/ocr`, without a slash at its end. */
export function isPathPrefix(text: string): boolean {
  return /^(?:\/[\w.~-]+)+$/.test(text) && !/\/\.{1,2}(?:\/|$)/.test(text);
}
