import { rename } from 'node:fs/promises';
import path from 'node:path';
import { OcrHubError } from '../errors/error.js';
import { makeFolder } from '../files/make-folder.js';
import { check, keysOf, z } from '../values/check.js';
import { readDefaultsFile } from './user-config-file.js';

/** What a user may set once for all commands. */
const userDefaults = z.strictObject({
  home: z
    .string()
    .refine((home) => path.isAbsolute(home), 'expected an absolute path')
    .optional()
    .describe('folder for everything ocrhub writes, unless OCRHUB_HOME is set'),
  port: z.int().min(1).max(65535).optional().describe('port of serving start, stop, restart and logs'),
  host: z.string().min(1).optional().describe('address that serving start listens on'),
  workers: z.int().min(1).max(1024).optional().describe('tasks in progress at once with --use_multiprocess'),
});

export type UserDefaults = z.output<typeof userDefaults>;
export type DefaultName = keyof UserDefaults;

export const defaultNames = keysOf(userDefaults) as DefaultName[];

export function meaningOf(name: DefaultName): string {
  return userDefaults.shape[name].description ?? '';
}

/** @throws OcrHubError `value_unknown` naming the keys that there are */
export function checkDefaultName(key: string): DefaultName {
  const name = defaultNames.find((known) => known === key);
  if (name === undefined) throw new OcrHubError('value_unknown', { subject: 'config', key, allowed: defaultNames });
  return name;
}

/**
 * The user's own defaults.
 *
 * @throws OcrHubError `defaults_damaged` with the command that mends the file
 */
export function readUserDefaults(file: string): UserDefaults {
  const values = readDefaultsFile(file);
  for (const [key, value] of Object.entries(values)) checkStored(file, key, value);
  return values;
}

/** Sets one default from the text of a command line, and answers its value. */
export async function setUserDefault(file: string, name: DefaultName, text: string): Promise<unknown> {
  const value = parse(name, text);
  (await openStore(file)).set(name, value);
  return value;
}

/** Takes out a default, or a key that has no business there; false when there is none. */
export async function unsetUserDefault(file: string, key: string): Promise<boolean> {
  const store = await openStore(file);
  if (!store.has(key)) return false;
  store.delete(key);
  return true;
}

/**
 * Starts afresh. The old file stays beside the place, under the name that is answered; undefined when there is none.
 */
export async function resetUserDefaults(file: string): Promise<string | undefined> {
  const kept = `${file}.old`;
  try {
    await rename(file, kept);
    return kept;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Names of what conf leaves beside the file when it is killed while it writes. */
export const defaultsDrafts = /^config\.json\.tmp-\w+$/;

/**
 * conf writes the file. It is loaded by the commands that change it and by no other: it takes a while, and a package
 * below it answers signals by sending them once more, which a server must not inherit.
 */
async function openStore(file: string) {
  readDefaultsFile(file);
  // conf would make it with a mkdir that may never end.
  await makeFolder(path.dirname(file));
  const { default: Conf } = await import('conf');
  return new Conf<Record<string, unknown>>({
    cwd: path.dirname(file),
    configName: path.basename(file, '.json'),
    accessPropertiesByDotNotation: false,
  });
}

/** Text is what it says; a number is what its digits say. A relative home is below the working directory. */
function parse(name: DefaultName, text: string): unknown {
  const numeric = name === 'port' || name === 'workers';
  const value = numeric && /^[-+]?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
  const given = name === 'home' && text !== '' ? path.resolve(text) : value;
  return check(userDefaults, { [name]: given }, 'config')[name];
}

function checkStored(file: string, key: string, value: unknown): void {
  try {
    check(userDefaults, { [key]: value }, 'it');
  } catch (error) {
    const mend = `ocrhub config unset ${key}`;
    throw new OcrHubError('defaults_damaged', { file, problem: (error as Error).message, mend }, { cause: error });
  }
}
