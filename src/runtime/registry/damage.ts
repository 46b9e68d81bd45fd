import { stat } from 'node:fs/promises';
import path from 'node:path';
import { OcrHubError } from '../errors/error.js';
import { bundleName } from '../module/load.js';
import { contentHash } from './content-hash.js';
import { isModuleId } from './module-id.js';
import { pointerPath, type Pointer } from './pointer.js';
import { ifMissing } from '../files/missing.js';

/** The error for an install that was edited or partly removed, or whose format belongs to another version of ocrhub. */
export type DamagedInstall = OcrHubError<'registry_damaged'>;

export function isDamaged(error: unknown): error is DamagedInstall {
  return OcrHubError.is(error) && error.code === 'registry_damaged';
}

/** A version of a module, and its folder in the registry. */
export interface VersionFolder {
  readonly name: string;
  readonly version: string;
  readonly folder: string;
}

/** @param mend the command that repairs the install. Default: uninstall, then install again */
export function damagedInstall(place: VersionFolder, problem: string, mend = defaultMend(place)): DamagedInstall {
  const { name, version, folder } = place;
  return new OcrHubError('registry_damaged', { file: pointerPath(folder), problem, name, version, mend });
}

/** Returns the command that installs a package again from its folder, if the folder still exists. */
export async function reinstallCommand(place: VersionFolder, source: string): Promise<string> {
  const exists = await stat(source).then(
    () => true,
    () => false,
  );
  return exists ? `ocrhub install ${source}` : defaultMend(place);
}

/** Checks the copy that a pointer names. Returns the problem, or undefined if the copy is intact. */
export async function findDamage(place: VersionFolder, pointer: Pointer): Promise<string | undefined> {
  if (pointer.name !== place.name || pointer.version !== place.version) {
    return `it names ${pointer.name} ${pointer.version}`;
  }
  const copy = path.join(place.folder, pointer.hash);
  const bundle = await stat(path.join(copy, bundleName)).catch(ifMissing(undefined));
  if (bundle === undefined) return `its copy ${copy} has no ${bundleName}`;
  try {
    if ((await contentHash(copy)) === pointer.hash) return undefined;
  } catch (error) {
    return `its copy cannot be read: ${(error as Error).message}`;
  }
  return `its copy ${copy} was edited; edit your own folder and install that`;
}

function defaultMend({ name, version, folder }: VersionFolder): string {
  return isModuleId({ name, version })
    ? `ocrhub uninstall ${name}==${version}, then install it again`
    : `remove the folder ${folder}`;
}
