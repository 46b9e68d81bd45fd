import { stat } from 'node:fs/promises';
import path from 'node:path';
import { glob } from 'tinyglobby';
import { OcrHubError } from '../errors/error.js';
import { readJsonFile } from '../files/json-file.js';
import { isWithin } from '../files/within.js';
import { bundleName } from '../module/load.js';
import { filesBelow, type FileBelow } from './files-below.js';
import { ifMissing } from '../files/missing.js';

/**
 * Lists the files that go along with a package, so that its module can read them at run time: those that `files` in its
 * package.json names, in its order, without those that a later name with a `!` takes out; or all below its folder. Hidden files and node_modules stay behind.
 *
 * @param home the home folder, which stays behind if it lies in the package
 * @throws OcrHubError `package_files_wrong` for a wrong list, and those of `readJsonFile` for package.json
 */
export async function filesOfPackage(folder: string, home: string): Promise<FileBelow[]> {
  const bundles = [bundleName, `${bundleName}.map`].map((name) => path.join(folder, name));
  const isLeftOut = (file: string): boolean => file === home || bundles.includes(file);
  const listed = await readList(folder);
  if (listed === undefined) return filesBelow(folder, isLeftOut);
  const found = new Map<string, FileBelow>();
  for (const name of listed) {
    if (name.startsWith('!'))
      for (const { name: file } of await filesOfPattern(folder, name.slice(1))) found.delete(file);
    else for (const file of await filesOfName(folder, name, isLeftOut)) found.set(file.name, file);
  }
  return [...found.values()];
}

/** The list `files` in the package's package.json; undefined if there is none. */
async function readList(folder: string): Promise<readonly string[] | undefined> {
  const file = path.join(folder, 'package.json');
  const content = await readJsonFile(file).catch((error: unknown) => {
    if (OcrHubError.is(error) && error.code === 'file_not_found') return undefined;
    throw error;
  });
  const { files } = Object(content) as { files?: unknown };
  if (files === undefined) return undefined;
  if (Array.isArray(files) && files.every((name) => typeof name === 'string')) return files;
  throw new OcrHubError('package_files_wrong', { file, problem: 'it must be a list of names' });
}

/** The files of one name in the list: a file, a folder with all below it, or a pattern. */
async function filesOfName(folder: string, name: string, isLeftOut: (file: string) => boolean): Promise<FileBelow[]> {
  const refuse = (problem: string): OcrHubError =>
    new OcrHubError('package_files_wrong', {
      file: path.join(folder, 'package.json'),
      problem: `"${name}" ${problem}`,
    });
  const place = path.join(folder, name);
  if (path.isAbsolute(name) || !isWithin(folder, place)) throw refuse('lies outside the package');
  if (name.split(/[\\/]/).some((part) => /^\.[^./\\]/.test(part)))
    throw refuse('begins with a dot; such files stay behind');
  const info = await stat(place).catch(ifMissing(undefined));
  if (info?.isFile() === true) return [{ name: path.relative(folder, place), bytes: info.size }];
  if (info?.isDirectory() === true) return filesBelow(folder, isLeftOut, path.relative(folder, place));
  const files = (await filesOfPattern(folder, name)).filter((match) => !isLeftOut(path.join(folder, match.name)));
  if (files.length === 0) throw refuse('names no file');
  return files;
}

/** The files that a pattern matches; of a folder, all below it. */
async function filesOfPattern(folder: string, pattern: string): Promise<FileBelow[]> {
  const inner = pattern.replace(/^\.?\//, '').replace(/\/$/, '');
  const names = await glob([inner, `${inner}/**`], { cwd: folder, ignore: ['**/node_modules/**'] });
  const found = await Promise.all(
    names.map(async (match) => ({ name: path.normalize(match), info: await stat(path.join(folder, match)) })),
  );
  return found.filter(({ info }) => info.isFile()).map(({ name, info }) => ({ name, bytes: info.size }));
}
