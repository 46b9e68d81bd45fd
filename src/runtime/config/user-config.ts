import type Conf from 'conf';
import { rename } from 'node:fs/promises';
import path from 'node:path';
import { OcrHubError } from '../errors/error.js';
import { userPath } from '../files/user-path.js';
import { makeFolder } from '../files/make-folder.js';
import { naming } from '../files/unwritable.js';
import { check, keysOf, z } from '../values/check.js';
import { withLock } from './lock.js';
import { readUserConfigFile } from './user-config-file.js';

/** Defaults that a user sets once for all commands. */
const userConfig = z.strictObject({
  home: z
    .string()
    .refine((home) => path.isAbsolute(home), 'expected an absolute path')
    .optional()
    .describe('folder for everything ocrhub writes, unless OCRHUB_HOME is set'),
  port: z.int().min(1).max(65535).optional().describe('port of serving start, stop, restart and logs'),
  host: z.string().min(1).optional().describe('address that serving start listens on'),
  workers: z.int().min(1).max(1024).optional().describe('tasks in progress at once with --use_multiprocess'),
});

export type UserConfig = z.output<typeof userConfig>;
export type UserConfigKey = keyof UserConfig;

export const userConfigKeys = keysOf(userConfig) as UserConfigKey[];

export function describeKey(key: UserConfigKey): string {
  return userConfig.shape[key].description ?? '';
}

/** @throws OcrHubError `key_unknown` with the allowed keys */
export function requireKey(key: string): UserConfigKey {
  const known = userConfigKeys.find((candidate) => candidate === key);
  if (known === undefined) throw new OcrHubError('key_unknown', { subject: 'config', key, allowed: userConfigKeys });
  return known;
}

/**
 * Reads and checks the user's defaults.
 *
 * @throws OcrHubError `defaults_damaged` with the command that repairs the file
 */
export function readUserConfig(file: string): UserConfig {
  const values = readUserConfigFile(file);
  for (const [key, value] of Object.entries(values)) checkStored(file, key, value);
  return values;
}

/** Sets one default from command-line text and returns the stored value. */
export async function setUserConfigValue(file: string, key: UserConfigKey, text: string): Promise<unknown> {
  const value = parseValue(key, text);
  await changeStore(file, (store) => store.set(key, value));
  return value;
}

/** Removes a key, known or unknown, from the file. Returns false if it is not there. */
export async function unsetUserConfigValue(file: string, key: string): Promise<boolean> {
  return changeStore(file, (store) => {
    if (!store.has(key)) return false;
    store.delete(key);
    return true;
  });
}

/** Renames the file, so that no default is set. Returns the new name, or undefined if there was no file. */
export async function resetUserConfig(file: string): Promise<string | undefined> {
  const kept = `${file}.old`;
  try {
    await rename(file, kept);
    return kept;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Temporary files of `conf` that stay beside the file if it is killed while it writes. */
export const userConfigLeftoverPattern = /^config\.json\.tmp-\w+$/;

/**
 * Changes the file with `conf`, which only the commands that change it load: loading is slow, and a package below `conf`
 * sends received signals to the process again, which a server must not do. `conf` reads the file and writes it as a whole, so that a
 * value that another command writes in between would be lost without the lock.
 */
async function changeStore<T>(file: string, change: (store: Conf) => T): Promise<T> {
  readUserConfigFile(file);
  // `conf` would create the folder with a mkdir that may never return (see makeFolder).
  await makeFolder(path.dirname(file));
  const { default: Conf } = await import('conf');
  const place = { cwd: path.dirname(file), configName: path.basename(file, '.json') };
  return withLock(file, () =>
    change(new Conf<Record<string, unknown>>({ ...place, accessPropertiesByDotNotation: false })),
  ).catch(naming(file));
}

/** Parses numbers for `port` and `workers`; `home` is resolved against the working directory. */
function parseValue(key: UserConfigKey, text: string): unknown {
  const isNumeric = key === 'port' || key === 'workers';
  const value = isNumeric && /^[-+]?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
  const given = key === 'home' && text !== '' ? userPath(text) : value;
  return check(userConfig, { [key]: given }, 'config')[key];
}

function checkStored(file: string, key: string, value: unknown): void {
  try {
    check(userConfig, { [key]: value }, 'it');
  } catch (error) {
    const mend = `ocrhub config unset ${key}`;
    throw new OcrHubError('defaults_damaged', { file, problem: (error as Error).message, mend }, { cause: error });
  }
}
