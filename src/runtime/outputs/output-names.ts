import path from 'node:path';
import { hasKnownExtension } from '../inputs/folder.js';

export interface NamedInput {
  /** The file that is read. */
  readonly file: string;
  /** The same file where its output goes: `out/2024/page.jpg`. */
  readonly target: string;
}

/**
 * Names the output of each input, without the extension of the output: `out/page` for `out/page.jpg`. Inputs that differ
 * in their extension only keep it (`out/page.jpg`, `out/page.png`), and so does one whose output would overwrite an input.
 * Further inputs of one name are numbered.
 *
 * @param extensions all that an output may get, without the first dot
 */
export function outputStems(inputs: readonly NamedInput[], extensions: readonly string[]): string[] {
  const taken = new Set(inputs.map(({ file }) => placeOf(file)));
  const counts = new Map<string, number>();
  for (const { target } of inputs) {
    const place = placeOf(stemOf(target));
    counts.set(place, (counts.get(place) ?? 0) + 1);
  }
  return inputs.map(({ target }) => {
    const isFree = (stem: string): boolean =>
      extensions.every((extension) => !taken.has(placeOf(`${stem}.${extension}`)));
    let stem = stemOf(target);
    if (counts.get(placeOf(stem)) !== 1 || !isFree(stem)) stem = target;
    for (let count = 2; !isFree(stem); count++) stem = `${target}-${count}`;
    for (const extension of extensions) taken.add(placeOf(`${stem}.${extension}`));
    return stem;
  });
}

function stemOf(file: string): string {
  return hasKnownExtension(file) ? file.slice(0, -path.extname(file).length) : file;
}

/** Some file systems ignore case. */
export function placeOf(file: string): string {
  return path.resolve(file).toLowerCase();
}
