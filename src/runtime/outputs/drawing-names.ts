import path from 'node:path';
import { drawingSuffix } from '../inputs/drawing.js';
import type { Input } from '../inputs/input.js';
import { outputStems, placeOf } from './output-names.js';

/** Names the drawing of a page. */
export type DrawingName = (page: number, pageCount: number) => string;

/**
 * Names the drawings of each input. In a folder they are `<name>.png`, and `<name>-2.png` for the next file of that name.
 * Beside their files they are `<name without extension>.lines.png`. The page of a document with several pages stands in
 * the name: `scan.pdf.page-2.png`, `scan.page-2.lines.png`. No drawing overwrites another drawing or a file that is read.
 *
 * @param folder undefined: each drawing beside its file
 * @returns a name for each input, in their order; equal lists get equal names
 */
export function drawingNames(inputs: readonly Input[], folder: string | undefined): DrawingName[] {
  const suffix = folder === undefined ? drawingSuffix : '.png';
  const stems = folder === undefined ? stemsBeside(inputs) : stemsIn(folder, inputs);
  return stems.map((stem) => (page, pageCount) => `${stem}${pageCount > 1 ? `.page-${page}` : ''}${suffix}`);
}

function stemsBeside(inputs: readonly Input[]): string[] {
  const named = inputs.map(({ file, relative }) => ({ file, target: file === '-' ? relative : file }));
  return outputStems(named, [drawingSuffix.slice(1)]);
}

function stemsIn(folder: string, inputs: readonly Input[]): string[] {
  const taken = new Set(inputs.map(({ file }) => placeOf(file)));
  return inputs.map(({ relative }) => {
    const target = path.join(folder, path.basename(relative));
    let stem = target;
    for (let count = 2; taken.has(placeOf(`${stem}.png`)); count++) stem = `${target}-${count}`;
    taken.add(placeOf(`${stem}.png`));
    return stem;
  });
}
