import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { OcrHubError } from '../errors/error.js';
import { findPackage, nativePackages, readPackage } from './compile/npm-packages.js';

/** An npm package that goes along with a module. */
export interface NpmCopy {
  readonly from: string;
  /** Its folder in the copy, such as `node_modules/a`. */
  readonly to: string;
}

/**
 * Places npm packages and all packages that they need, so that each finds the version that it finds in the author's folder. A
 * package lies in the outer node_modules, or, if another version has that place, in that of the package that needs it.
 *
 * @param imported folders by the name that the bundle imports
 * @throws OcrHubError `native_package_imported` for packages that ocrhub holds itself
 */
export async function placeNpmPackages(imported: ReadonlyMap<string, string>): Promise<NpmCopy[]> {
  const placed = new Map<string, string>();
  const queue: NpmCopy[] = [];
  const place = (from: string, to: string): void => {
    placed.set(to, from);
    queue.push({ from, to });
  };
  for (const [name, folder] of imported) place(await realpath(folder), `node_modules/${name}`);
  for (const copy of queue) {
    for (const { name, isOptional } of needs(copy.from)) {
      const from = await findPackage(copy.from, name);
      // Whether it can do without shows at run time, as in plain Node.js.
      if (from === undefined) continue;
      if (nativePackages.test(name)) {
        if (isOptional) continue;
        throw new OcrHubError('native_package_imported', { place: path.join(copy.from, 'package.json'), name });
      }
      const visible = visibleFrom(copy.to, name).find((to) => placed.has(to));
      if (visible === undefined) place(from, `node_modules/${name}`);
      else if (placed.get(visible) !== from) place(from, `${copy.to}/node_modules/${name}`);
    }
  }
  return queue;
}

interface Need {
  readonly name: string;
  readonly isOptional: boolean;
}

function needs(folder: string): Need[] {
  const { dependencies, optionalDependencies, peerDependencies } = readPackage(folder);
  const optional = Object.keys(Object(optionalDependencies) as object);
  const names = [dependencies, peerDependencies].flatMap((list) => Object.keys(Object(list) as object));
  return [...new Set([...names, ...optional])]
    .filter((name) => name !== 'ocrhub')
    .map((name) => ({ name, isOptional: optional.includes(name) }));
}

/** The places where a package finds another, the nearest first. */
function visibleFrom(to: string, name: string): string[] {
  const parts = to.split('/node_modules/');
  const bases = parts.map((_, i) => parts.slice(0, parts.length - i).join('/node_modules/'));
  return [...bases.map((base) => `${base}/node_modules/${name}`), `node_modules/${name}`];
}
