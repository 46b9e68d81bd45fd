import path from 'node:path';
import type { WrittenFile } from '../../document/formats/formats.js';
import type { OutputOptions } from '../../service/reading.js';
import { compose } from '../../worker/compose.js';
import type { MergedFile } from './merge.js';
import type { Source } from '../source/source.js';

export interface MergeOptions {
  readonly module: string;
  readonly output: OutputOptions;
  readonly maxPixels: number;
  readonly password: string | undefined;
}

/**
 * Writes the pages of a file in a format. Failed pages are left out.
 *
 * @param source read for the formats that show the page itself, `png` and `pdf`
 * @throws OcrHubError `lines_missing`, `format_without_lines`, and those of `Source.read`
 */
export async function composeFile(
  { src, pages }: MergedFile,
  source: Source,
  { module, output, maxPixels, password }: MergeOptions,
): Promise<WrittenFile> {
  const showsPage = output.format === 'png' || output.format === 'pdf';
  const bytes = showsPage ? (await source.read(src)).bytes : new Uint8Array();
  const answered = pages.map(({ page, width, height, dpi, result }) => ({
    number: page,
    width,
    height,
    dpi,
    entry: JSON.stringify(result),
  }));
  return compose(module, output, [{ name: path.basename(src), bytes, password, pages: answered }], maxPixels);
}

/** Where the output of a file belongs in a folder. A path from the root keeps its folders. */
export function targetOf(folder: string, src: string, extension: string): string {
  const parts = src.split(/[\\/]/).filter((part) => !['', '.', '..'].includes(part) && !/^[A-Za-z]:$/.test(part));
  return path.join(folder, ...parts.slice(0, -1), `${parts.at(-1) ?? 'page'}.${extension}`);
}
