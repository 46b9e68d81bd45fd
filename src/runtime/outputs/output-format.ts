import { formatNames, formats, type FormatName } from '../document/formats/formats.js';

/** A format of `--format`: one of a file, or a JSON object a line for each file. */
export type OutputFormat = FormatName | typeof jsonLines;

export const jsonLines = 'jsonl';

export const outputFormats: readonly OutputFormat[] = [...formatNames, jsonLines];

/** The format that a file's extension stands for, the longest first: `alto.xml` before `xml`. */
export function formatOfPath(file: string): OutputFormat | undefined {
  const name = file.toLowerCase();
  if (name.endsWith(`.${jsonLines}`)) return jsonLines;
  return formatNames.find((format) => name.endsWith(`.${formats[format].extension}`));
}

/** Whether a file of the format cannot be shown in a terminal. */
export function isBinary(contentType: string): boolean {
  return !/^text\/|json|xml/.test(contentType) || contentType.includes('openxml');
}

/** Whether files of the format can follow one another on standard output. Two XML documents in a row are none. */
export function isJoinable(format: FormatName): boolean {
  return ['text', 'markdown', 'json', 'tsv'].includes(format);
}
