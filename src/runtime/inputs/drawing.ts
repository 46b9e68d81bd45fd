import path from 'node:path';

/** The end of the name of a drawing that stands beside its file: `page.lines.png` for `page.jpg`. */
export const drawingSuffix = '.lines.png';

/** Whether a file is a drawing beside its file. A folder that was read with `--visualize` holds them. */
export function isDrawing(file: string): boolean {
  return path.basename(file).endsWith(drawingSuffix);
}
