import type { Input } from '../runtime/inputs/input.js';
import type { PageAnswer, DrawOptions } from '../runtime/outputs/draw.js';
import { printable, printableLine } from './_printable.js';

/** The drawings of a file, as `--json` prints them. */
export interface Drawn {
  /** A list for a document of several pages. */
  readonly drawn?: string | readonly string[];
}

/** Draws the pages of a file. An answer that cannot be drawn is kept; the exit code is 5 then. */
export async function drawAnswer(
  { file }: Input,
  bytes: Uint8Array,
  pages: readonly PageAnswer[],
  options: DrawOptions,
): Promise<Drawn> {
  try {
    const { writeDrawings } = await import('../runtime/outputs/draw.js');
    const drawn = await writeDrawings(bytes, pages, options);
    const [only] = drawn;
    return { drawn: drawn.length === 1 && only !== undefined ? only : drawn };
  } catch (error) {
    process.stderr.write(printable(`${printableLine(file)} could not be drawn: ${(error as Error).message}\n`));
    process.exitCode = 5;
    return {};
  }
}

export function describeDrawn({ drawn = [] }: Drawn): string[] {
  return [drawn].flat().map((file) => `drawn: ${printableLine(file)}`);
}
