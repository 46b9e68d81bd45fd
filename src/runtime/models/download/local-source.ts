import { copyFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { namingCopy } from '../../files/naming-copy.js';
import { toFileError } from '../../files/to-file-error.js';
import { fileNames } from '../locate.js';
import { sourcesOf, type ModelSet, type ModelSource, type SetFile } from '../manifest.js';
import { PartialFile } from './partial-file.js';
import { ifMissing } from '../../files/missing.js';

/**
 * Looks for a file of a set in the files and folders of `--from`, under the names that it has in any source.
 *
 * @throws OcrHubError `file_not_found`, `file_unreadable` for one of `from`
 */
export async function findGiven(
  from: readonly string[],
  setFile: SetFile,
  set: ModelSet,
): Promise<{ file: string | undefined; wanted: readonly string[] }> {
  const wanted = [
    ...new Set([...fileNames(setFile), ...sourcesOf(set, setFile).flatMap((source) => namesIn(source, set))]),
  ];
  for (const given of from.map((each) => path.resolve(each))) {
    const info = await stat(given).catch((error: unknown) => {
      throw toFileError(given, error);
    });
    if (info.isDirectory()) {
      for (const name of wanted) {
        const file = path.join(given, name);
        if ((await stat(file).catch(ifMissing(undefined)))?.isFile() === true) return { file, wanted };
      }
    } else if (!info.isFile()) {
      throw toFileError(given, new Error('it is not a regular file'));
    } else if (wanted.some((name) => given.endsWith(path.normalize(`/${name}`)))) return { file: given, wanted };
  }
  return { file: undefined, wanted };
}

/** Copies to a partial file, so that an interrupted copy is never taken for the file. */
export async function copyGiven(file: string, target: string): Promise<PartialFile> {
  const partial = await PartialFile.create(target, 'copy');
  await copyFile(file, partial.file).catch(namingCopy);
  return partial;
}

function namesIn(source: ModelSource, set: ModelSet): string[] {
  if (source.kind !== 'official') return [path.basename(source.path)];
  const [, repository = '', file = ''] = /([^/]+)\/resolve\/[^/]+\/(.+)$/.exec(source.url) ?? [];
  // All official networks are called inference.onnx, so this name is unique only in a set of one network.
  const networks = [set.files.det, set.files.rec, set.files.cls].filter((entry) => entry !== undefined);
  return [`${repository}/${file}`, ...(networks.length === 1 ? [file] : [])];
}
