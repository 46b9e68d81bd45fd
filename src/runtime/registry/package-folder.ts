import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { OcrHubError } from '../errors/error.js';
import { readRegularFile } from '../files/read-regular.js';
import { readJsonFile } from '../files/json-file.js';
import { packageRoot } from '../package.js';
import { ifMissing } from '../files/missing.js';

/** A folder with the source of a module. */
export interface PackageFolder {
  readonly folder: string;
  /** `index.ts` or `index.js`, the entry that the bundler starts from. */
  readonly entry: string;
  /** The file with the module's logic, `module.ts` or `module.js`. */
  readonly module: string;
  /** Its tsconfig.json, of which the bundler reads `paths`, decorators, JSX and class fields. */
  readonly tsconfig: string | undefined;
  /** The content of its config.json; undefined if there is none. */
  readonly config: unknown;
}

/**
 * Finds the package for an argument of `install`. An argument with a path separator or a leading dot is a folder. A bare
 * name is a stock package, even if the working directory has a folder of that name.
 *
 * @throws OcrHubError `package_not_found`, `package_incomplete`, those of `readJsonFile` for its config.json
 */
export async function findPackage(argument: string): Promise<PackageFolder> {
  const folder = isPath(argument) ? path.resolve(argument) : stockFolderOf(argument);
  if (argument === '' || !(await isFolder(folder))) throw await notFound(argument);
  return openPackage(folder);
}

/** Whether an argument is a path. Names of modules have no separator and no dot. */
export function isPath(argument: string): boolean {
  return argument.startsWith('.') || /[\\/]/.test(argument);
}

/**
 * @throws OcrHubError `package_not_found`, `package_incomplete` with the missing file, those of `readJsonFile`
 */
export async function openPackage(folder: string): Promise<PackageFolder> {
  if (!(await isFolder(folder))) throw await notFound(folder);
  const files = new Set(await readdir(folder));
  const [entry = '', module = ''] = sourceStems.map((stem) => {
    const file = findSource(files, stem);
    if (file === undefined) throw new OcrHubError('package_incomplete', { folder, missing: `${stem}.ts` });
    return file;
  });
  // The bundler reads package.json itself, and would wait for a pipe.
  if (files.has('package.json')) await readJsonFile(path.join(folder, 'package.json'));
  const config = files.has('config.json') ? await readJsonFile(path.join(folder, 'config.json')) : undefined;
  const tsconfig = files.has('tsconfig.json') ? path.join(folder, 'tsconfig.json') : undefined;
  // As with package.json.
  if (tsconfig !== undefined) await readRegularFile(tsconfig);
  return { folder, entry: path.join(folder, entry), module, tsconfig, config };
}

/** The names of the stock packages. */
export async function listStock(): Promise<string[]> {
  return (await readdir(stockFolder)).sort();
}

/** The folder of a stock package. */
export function stockFolderOf(name: string): string {
  return path.join(stockFolder, name);
}

/** Whether a folder holds a source file of a package, perhaps not all of them. */
export async function looksLikePackage(folder: string): Promise<boolean> {
  const files = new Set(await readdir(folder).catch(ifMissing<string[]>([])));
  return sourceStems.some((stem) => findSource(files, stem) !== undefined);
}

const sourceStems = ['index', 'module', 'params'];

const stockFolder = path.join(packageRoot, 'src', 'modules');

async function isFolder(folder: string): Promise<boolean> {
  const info = await stat(folder).catch(ifMissing(undefined));
  return info?.isDirectory() === true;
}

async function notFound(argument: string): Promise<OcrHubError> {
  const stock = await listStock();
  const name = path.basename(argument);
  return new OcrHubError('package_not_found', {
    argument,
    isPath: isPath(argument),
    stock,
    suggestion: stock.includes(name) && isPath(argument) ? name : undefined,
  });
}

function findSource(files: ReadonlySet<string>, stem: string): string | undefined {
  return [`${stem}.ts`, `${stem}.js`].find((name) => files.has(name));
}
