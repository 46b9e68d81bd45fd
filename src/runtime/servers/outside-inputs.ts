import path from 'node:path';
import { readRegularFile } from '../files/read-regular.js';
import { bundleName } from '../module/load.js';
import { z } from '../values/check.js';

/** A module that is served from its author's folder. */
interface Served {
  readonly folder: string;
  /** The folder of its compiled copy. */
  readonly path: string;
}

/**
 * Finds the source files of a module that lie outside its folder and outside npm packages, as in a monorepo: the names of the
 * files by folder. They are those of the bundle's source map. Text and bytes that the module imports are not in it.
 */
export async function outsideInputs({ folder, path: copy }: Served): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const { sources } = sourceMap.parse(JSON.parse(await readRegularFile(path.join(copy, `${bundleName}.map`))));
  const found = new Map<string, Set<string>>();
  for (const source of sources) {
    const file = path.resolve(folder, source);
    if (!source.startsWith('../') || file.split(path.sep).includes('node_modules')) continue;
    const names = found.get(path.dirname(file)) ?? new Set<string>();
    found.set(path.dirname(file), names.add(path.basename(file)));
  }
  return found;
}

const sourceMap = z.object({ sources: z.array(z.string()) });
