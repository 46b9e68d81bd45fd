import { realpathSync } from 'node:fs';
import { lchown, link, realpath, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { openRun } from '../../../src/runtime/batch/plan/run.js';
import { FolderStore } from '../../../src/runtime/batch/store/folder-store.js';
import { readUserConfigFile } from '../../../src/runtime/config/user-config-file.js';
import { readJsonFile } from '../../../src/runtime/files/json-file.js';
import { linkedFrom } from '../../../src/runtime/files/linked-from.js';
import { readInferenceYml } from '../../../src/runtime/models/inference-yml.js';
import { temporaryFolder } from '../../helpers/home.js';

afterEach(() => {
  vi.restoreAllMocks();
});

const secret = 'q7Z: kX9 [v: "Lw3';

const readers: readonly (readonly [string, string, (file: string) => Promise<unknown>])[] = [
  ['a config file', 'server.json', readJsonFile],
  ['the user’s defaults', 'config.json', (file) => Promise.resolve().then(() => readUserConfigFile(file))],
  ['a model’s inference.yml', 'inference.yml', readInferenceYml],
  ['the file of a run', 'run.json', (file) => openRun(new FolderStore(path.dirname(file)))],
];

/** The message, and whatever else may be printed or logged of an error. */
async function told(read: (file: string) => Promise<unknown>, file: string): Promise<string> {
  const error = await read(file).then(
    () => undefined,
    (thrown: unknown) => thrown as Error,
  );
  expect(error).toBeInstanceOf(Error);
  return `${error?.message} ${JSON.stringify(error)} ${String(error?.stack)} ${String((error?.cause as Error | undefined)?.message)}`;
}

describe.skipIf(process.platform === 'win32').each(readers)('%s that is damaged', (_, name, read) => {
  it('is not quoted if it is a link to another file', async () => {
    const folder = await temporaryFolder();
    const file = path.join(folder, name);
    await writeFile(path.join(folder, 'shadow'), secret);
    await symlink(path.join(folder, 'shadow'), file);
    const text = await told(read, file);
    expect(text).toContain(name);
    for (let i = 0; i + 4 <= secret.length; i++) expect(text).not.toContain(secret.slice(i, i + 4));
  });

  it('is not quoted if a folder on the way is a link', async () => {
    const folder = await temporaryFolder();
    const elsewhere = await temporaryFolder();
    await writeFile(path.join(elsewhere, name), secret);
    await symlink(elsewhere, path.join(folder, 'linked'));
    const text = await told(read, path.join(folder, 'linked', name));
    for (let i = 0; i + 4 <= secret.length; i++) expect(text).not.toContain(secret.slice(i, i + 4));
  });

  it('is named if it is a regular file, also one with two names', async () => {
    const folder = await temporaryFolder();
    const file = path.join(folder, name);
    await writeFile(path.join(folder, 'other'), '{"port": 88o0: }');
    await link(path.join(folder, 'other'), file);
    expect(await told(read, file)).toContain(name);
  });
});

it('a config file of the user is named with the place of the mistake', async () => {
  const file = path.join(await temporaryFolder(), 'server.json');
  await writeFile(file, '{"port": 88o0}');
  await expect(readJsonFile(file)).rejects.toThrow('at position 11');
});

it.skipIf(process.platform === 'win32')('a path below a link of another user tells where it leads', async () => {
  const folder = await temporaryFolder();
  const elsewhere = await temporaryFolder();
  const linked = path.join(folder, 'linked');
  await symlink(elsewhere, linked);
  // Root's own links are those of the system to everybody else.
  if (process.getuid?.() === 0) await lchown(linked, 65534, 65534);
  await writeFile(path.join(elsewhere, 'server.json'), '{"port": 88o0}');
  const real = path.join(await realpath(elsewhere), 'server.json');
  await expect(readJsonFile(path.join(linked, 'server.json'))).rejects.toThrow(`its path leads to ${real}`);
});

describe.runIf(process.platform === 'linux')('links that root owns', () => {
  // On its way lies /proc/self, too.
  const file = '/dev/fd';

  it('hide nothing from other users, as those to /home and to the temporary folder of macOS', () => {
    vi.spyOn(process, 'getuid').mockReturnValue(1000);
    expect(linkedFrom(file)).toBeUndefined();
  });

  it('count as those of anybody if root runs, who may have unpacked them', () => {
    vi.spyOn(process, 'getuid').mockReturnValue(0);
    expect(linkedFrom(file)).toBe(realpathSync(file));
  });

  it('hide nothing from root in the topmost folder', () => {
    vi.spyOn(process, 'getuid').mockReturnValue(0);
    // A link where the system keeps programs in /usr.
    expect(linkedFrom('/bin')).toBeUndefined();
  });
});
