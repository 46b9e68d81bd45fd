import { copyFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { OcrHubError } from '../errors.js';
import { fileNames } from './locate.js';
import { sourcesOf, type ModelSet, type ModelSource, type Part } from './manifest.js';
import { PartFile } from './part-file.js';

/**
 * Looks for a part of a set in what the user brought, under the names that it has in any source.
 *
 * @throws OcrHubError `file_not_found` when one of `from` is not there
 */
export async function findGiven(
  from: readonly string[],
  part: Part,
  set: ModelSet,
): Promise<{ file: string | undefined; wanted: readonly string[] }> {
  const wanted = [...new Set([...fileNames(part), ...sourcesOf(set, part).flatMap((source) => namesIn(source, set))])];
  for (const given of from.map((each) => path.resolve(each))) {
    const info = await stat(given).catch((error: unknown) => {
      throw new OcrHubError('file_not_found', { file: given, problem: (error as Error).message }, { cause: error });
    });
    if (info.isDirectory()) {
      for (const name of wanted) {
        const file = path.join(given, name);
        if ((await stat(file).catch(() => undefined))?.isFile() === true) return { file, wanted };
      }
    } else if (wanted.some((name) => given.endsWith(path.normalize(`/${name}`)))) return { file: given, wanted };
  }
  return { file: undefined, wanted };
}

/** A copy as a part, so that a copy broken off is never taken for the file. */
export async function copyGiven(file: string, target: string): Promise<PartFile> {
  const part = await PartFile.create(target, 'copy');
  await copyFile(file, part.file);
  return part;
}

function namesIn(source: ModelSource, set: ModelSet): string[] {
  if (source.kind !== 'official') return [path.basename(source.path)];
  const [, repository = '', file = ''] = /([^/]+)\/resolve\/[^/]+\/(.+)$/.exec(source.url) ?? [];
  // All official networks are called inference.onnx: alone, the name tells only where the set has one.
  const networks = [set.files.det, set.files.rec, set.files.cls].filter((entry) => entry !== undefined);
  return [`${repository}/${file}`, ...(networks.length === 1 ? [file] : [])];
}
