import { constants } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import path from 'node:path';
import { OcrHubError } from '../errors/error.js';
import { makeFolder } from '../files/make-folder.js';
import { namingCopy } from '../files/naming-copy.js';
import type { Bundle } from './compile/compile.js';
import { filesBelow, maxFiles, type FileBelow } from './files-below.js';
import { placeNpmPackages } from './npm-copies.js';
import { filesOfPackage } from './package-files.js';
import type { PackageFolder } from './package-folder.js';

/** A hundred thousand lines of words, a model of a stage: what a module may need. `list` reads every copy. */
const maxBytes = 256 * 1024 ** 2;

/**
 * Copies what a module needs beside its bundle: the author's source files, which stack traces name, config.json, the files of
 * `filesOfPackage`, and the npm packages that are not bundled.
 *
 * @param target the folder of the copy
 * @param home the home folder, which stays behind if it lies in the package
 * @throws OcrHubError `package_too_large`, and those of `filesOfPackage` and `placeNpmPackages`
 */
export async function copyAlong(target: string, source: PackageFolder, bundle: Bundle, home: string): Promise<void> {
  const sources = [...bundle.inputs, ...(source.config === undefined ? [] : ['config.json'])];
  const own = [...(await filesOfPackage(source.folder, home)), ...sources.map((name) => ({ name, bytes: 0 }))];
  const files = new Map(
    own.map((file): [string, Copy] => [file.name, { from: path.join(source.folder, file.name), file }]),
  );
  requireSmall(source.folder, files);
  for (const { from, to } of await placeNpmPackages(bundle.packages)) {
    for (const file of await filesBelow(from)) {
      files.set(path.join(to, file.name), { from: path.join(from, file.name), file });
    }
    requireSmall(source.folder, files);
  }
  for (const [name, { from }] of files) {
    const to = path.join(target, name);
    await makeFolder(path.dirname(to));
    // Some file systems share the bytes of both files.
    await copyFile(from, to, constants.COPYFILE_FICLONE).catch(namingCopy);
  }
}

interface Copy {
  readonly from: string;
  readonly file: FileBelow;
}

function requireSmall(folder: string, files: ReadonlyMap<string, Copy>): void {
  const copies = [...files.values()];
  const bytes = copies.reduce((sum, { file }) => sum + file.bytes, 0);
  if (bytes <= maxBytes && copies.length <= maxFiles) return;
  const largest = copies.reduce((a, b) => (b.file.bytes > a.file.bytes ? b : a));
  throw new OcrHubError('package_too_large', {
    folder,
    maxBytes,
    maxFiles,
    files: copies.length,
    bytes,
    largest: largest.from,
    largestBytes: largest.file.bytes,
  });
}
