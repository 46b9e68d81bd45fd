import semver from 'semver';
import { OcrHubError } from '../errors/error.js';

/** The argument of `-m`, `show` and `uninstall`: `name` (the newest version) or `name==version`. */
export interface ModuleId {
  readonly name: string;
  readonly version: string | undefined;
}

/** @throws OcrHubError `module_name_illegal`, `module_version_illegal` */
export function parseModuleId(text: string): ModuleId {
  const [name = '', version, ...rest] = text.trim().split('==');
  if (rest.length > 0) throw new OcrHubError('module_name_illegal', { name: text });
  return { name: checkName(name), version: version === undefined ? undefined : checkVersion(name, version) };
}

/**
 * Returns the name if it is legal. It is used as a folder and in addresses, so it has no dot, slash or space.
 *
 * @throws OcrHubError `module_name_illegal`
 */
export function checkName(name: string): string {
  if (!legalName.test(name)) throw new OcrHubError('module_name_illegal', { name });
  return name;
}

/** @throws OcrHubError `module_version_illegal` if the version is not semantic, such as `1.0` */
export function checkVersion(name: string, version: string): string {
  if (semver.valid(version) !== version) throw new OcrHubError('module_version_illegal', { name, version });
  return version;
}

/** Whether a name and a version are legal. Users may put other folders into the registry. */
export function isModuleId({ name, version }: { readonly name: string; readonly version: string }): boolean {
  return legalName.test(name) && semver.valid(version) === version;
}

const legalName = /^[A-Za-z][A-Za-z0-9_-]{0,63}$/;

/** Sorts by semantic version, newest first. */
export function newestFirst<T extends { readonly version: string }>(modules: readonly T[]): T[] {
  return [...modules].sort((a, b) => semver.rcompare(a.version, b.version));
}
