import { readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { contentHash } from '../../../src/runtime/registry/content-hash.js';
import { bundleName } from '../../../src/runtime/module/load.js';
import {
  contentFolder,
  getInstalled,
  listInstalled,
  readRegistry,
  removePointer,
  writePointer,
} from '../../../src/runtime/registry/store.js';
import { removeUnreferenced } from '../../../src/runtime/registry/unreferenced.js';
import { uninstallModule } from '../../../src/runtime/registry/uninstall.js';
import { homeAt, type Home } from '../../../src/runtime/config/home.js';
import { namesIn, writeFiles } from '../../helpers/files.js';
import { temporaryFolder } from '../../helpers/home.js';

let home: Home;

beforeEach(async () => {
  const root = await temporaryFolder();
  home = homeAt(root, path.join(root, 'config.json'));
});

/** Writes the files of an install: a copy and the pointer to it. */
async function put(name: string, version: string, code = 'one'): Promise<string> {
  const staging = await writeFiles(await temporaryFolder(), { [bundleName]: code });
  const hash = await contentHash(staging);
  const module = {
    name,
    version,
    hash,
    summary: '',
    author: '',
    parameters: null,
    fields: { type: 'object' as const, properties: {}, required: [] },
    source: '/src',
    ocrhub: '0.1.0',
  };
  const copy = contentFolder(home, module);
  await writeFiles(copy, { [bundleName]: code });
  await writePointer(home, { ...module, path: copy, installedAt: '2026-01-01T00:00:00.000Z' });
  return copy;
}

async function age(folder: string): Promise<void> {
  const before = new Date(Date.now() - 11 * 60_000);
  await utimes(folder, before, before);
}

const isThere = (folder: string): Promise<boolean> =>
  stat(folder).then(
    () => true,
    () => false,
  );

describe('reading the registry', () => {
  it('lists nothing in a home folder that does not exist', async () => {
    expect(await listInstalled(home)).toEqual([]);
  });

  it('lists installs by name, newest version first', async () => {
    await put('b', '1.0.0');
    await put('a', '1.9.0');
    await put('a', '1.10.0');
    const listed = (await listInstalled(home)).map(({ name, version }) => `${name}==${version}`);
    expect(listed).toEqual(['a==1.10.0', 'a==1.9.0', 'b==1.0.0']);
  });

  it('finds the newest version of a bare name, or the given version', async () => {
    await put('a', '1.9.0');
    await put('a', '1.10.0');
    expect((await getInstalled(home, { name: 'a', version: undefined })).version).toBe('1.10.0');
    expect((await getInstalled(home, { name: 'a', version: '1.9.0' })).version).toBe('1.9.0');
  });

  it('lists the installed modules or versions if the requested one is not installed', async () => {
    await put('a', '1.0.0');
    await expect(getInstalled(home, { name: 'b', version: undefined })).rejects.toMatchObject({
      message: 'Module b is not installed; installed: a',
      exitCode: 3,
    });
    await expect(getInstalled(home, { name: 'a', version: '2.0.0' })).rejects.toMatchObject({
      message: 'Version 2.0.0 of a is not installed; installed: 1.0.0',
      exitCode: 3,
    });
  });

  it('ignores staging folders and files', async () => {
    await put('a', '1.0.0');
    await writeFiles(home.modules, {
      '.staging-1234/bundle.mjs': '',
      'notes.txt': '',
      'a/1.0.0/current.json.123': '{',
    });
    expect(await listInstalled(home)).toHaveLength(1);
  });
});

describe('a damaged install', () => {
  it.each([
    ['not JSON', '{', 'it is not a pointer file'],
    ['of another shape', '{"name": "a"}', 'it is not a pointer file'],
  ])('whose pointer is %s is reported with the command that repairs it', async (_, text, problem) => {
    await put('a', '1.0.0');
    const file = path.join(home.modules, 'a', '1.0.0', 'current.json');
    await writeFile(file, text);
    await expect(getInstalled(home, { name: 'a', version: undefined })).rejects.toMatchObject({
      message: `The install of a 1.0.0 is damaged: ${file}: ${problem}`,
      hint: 'Fix it: ocrhub uninstall a==1.0.0, then install it again',
      exitCode: 5,
    });
  });

  it('whose pointer has the format of an earlier version is reported with the command that installs it again', async () => {
    await put('a', '1.0.0');
    const file = path.join(home.modules, 'a', '1.0.0', 'current.json');
    const source = await temporaryFolder();
    const earlier = { name: 'a', version: '1.0.0', hash: 'x', parameters: [], fields: [], source, ocrhub: '0.0.9' };
    await writeFile(file, JSON.stringify(earlier));
    await expect(getInstalled(home, { name: 'a', version: undefined })).rejects.toMatchObject({
      message: `The install of a 1.0.0 is damaged: ${file}: ocrhub 0.0.9 wrote it in a form that this version does not read`,
      hint: `Fix it: ocrhub install ${source}`,
    });
    await rm(source, { recursive: true });
    await expect(getInstalled(home, { name: 'a', version: undefined })).rejects.toMatchObject({
      hint: 'Fix it: ocrhub uninstall a==1.0.0, then install it again',
    });
  });

  it('whose pointer names another version is reported', async () => {
    await put('a', '1.0.0');
    const file = path.join(home.modules, 'a', '1.0.0', 'current.json');
    await writeFiles(home.modules, { 'a/2.0.0/current.json': await readFile(file, 'utf8') });
    expect(await problemsIn(home)).toEqual(['it names a 1.0.0']);
  });

  it('whose copy is missing is reported', async () => {
    const copy = await put('a', '1.0.0');
    await rm(copy, { recursive: true });
    expect(await problemsIn(home)).toEqual([`its copy ${copy} has no bundle.mjs`]);
  });

  it.each(['bundle.mjs', 'module.ts'])('whose copy was edited in %s is reported', async (file) => {
    const copy = await put('a', '1.0.0');
    await writeFiles(copy, { [file]: 'edited', '.DS_Store': '' });
    expect(await problemsIn(home)).toEqual([`its copy ${copy} was edited; edit your own folder and install that`]);
  });

  it('whose pointer cannot be read is reported', async () => {
    await writeFiles(home.modules, { 'a/1.0.0/current.json/x': '' });
    expect(await problemsIn(home)).toEqual([expect.stringContaining('is a folder, not a regular file')]);
  });

  it('does not hide other modules and other versions', async () => {
    await put('a', '1.0.0');
    await put('a', '2.0.0');
    await put('b', '1.0.0');
    await writeFile(path.join(home.modules, 'a', '2.0.0', 'current.json'), '{');
    const { installed, damaged } = await readRegistry(home);
    expect(installed.map(({ name, version }) => [name, version])).toEqual([
      ['a', '1.0.0'],
      ['b', '1.0.0'],
    ]);
    expect(damaged.map(({ details }) => [details.name, details.version])).toEqual([['a', '2.0.0']]);
    expect(await getInstalled(home, { name: 'a', version: '1.0.0' })).toMatchObject({ version: '1.0.0' });
    // A bare name never falls back to an older version.
    await expect(getInstalled(home, { name: 'a', version: undefined })).rejects.toThrow('a 2.0.0 is damaged');
    await expect(getInstalled(home, { name: 'c', version: undefined })).rejects.toThrow('c is not installed');
  });

  it.each([
    ['a/latest', 'a'],
    ['my module/1.0.0', 'my module'],
  ])('in %s, which is not a legal name or version, is reported with the folder to remove', async (place, name) => {
    await put('a', '1.0.0');
    await writeFiles(home.modules, { [`${place}/current.json`]: '{}' });
    const { damaged } = await readRegistry(home);
    expect(damaged.map(({ details, hint }) => [details.name, hint])).toEqual([
      [name, `Fix it: remove the folder ${path.join(home.modules, place)}`],
    ]);
    expect(await getInstalled(home, { name: 'a', version: undefined })).toMatchObject({ version: '1.0.0' });
  });

  it('can be uninstalled', async () => {
    await put('a', '1.0.0');
    await writeFile(path.join(home.modules, 'a', '1.0.0', 'current.json'), '{');
    expect(await uninstallModule(home, { name: 'a', version: undefined })).toEqual({ name: 'a', versions: ['1.0.0'] });
    expect(await listInstalled(home)).toEqual([]);
  });
});

describe('uninstallModule', () => {
  it('removes one version or all versions', async () => {
    await put('a', '1.0.0');
    await put('a', '2.0.0');
    await put('a', '3.0.0');
    expect(await uninstallModule(home, { name: 'a', version: '2.0.0' })).toEqual({ name: 'a', versions: ['2.0.0'] });
    expect(await uninstallModule(home, { name: 'a', version: undefined })).toEqual({
      name: 'a',
      versions: ['3.0.0', '1.0.0'],
    });
  });

  it('returns no versions if the module or version is not installed', async () => {
    expect(await uninstallModule(home, { name: 'a', version: undefined })).toEqual({ name: 'a', versions: [] });
    expect(await uninstallModule(home, { name: 'a', version: '1.0.0' })).toEqual({ name: 'a', versions: [] });
  });
});

describe('removeUnreferenced', () => {
  it('removes an old copy without a pointer, and folders that become empty', async () => {
    const copy = await put('a', '1.0.0');
    await removePointer(home, 'a', '1.0.0');
    await age(copy);
    await removeUnreferenced(home, new Set());
    expect(await namesIn(home.modules)).toEqual([]);
  });

  it('keeps an installed copy of any age', async () => {
    const copy = await put('a', '1.0.0');
    await age(copy);
    await removeUnreferenced(home, new Set());
    expect(await isThere(copy)).toBe(true);
  });

  it.each([
    ['an edited copy', 'module.ts'],
    ['the copies beside an unreadable pointer', '../current.json'],
  ])('keeps %s', async (_, file) => {
    const copy = await put('a', '1.0.0');
    await writeFiles(copy, { [file]: 'edited' });
    await age(copy);
    await removeUnreferenced(home, new Set());
    expect(await isThere(path.join(copy, bundleName))).toBe(true);
  });

  it('keeps a copy that a server uses', async () => {
    const copy = await put('a', '1.0.0', 'served');
    await removePointer(home, 'a', '1.0.0');
    await age(copy);
    await removeUnreferenced(home, new Set([path.basename(copy)]));
    expect(await isThere(copy)).toBe(true);
  });

  it('keeps a copy for ten minutes after it lost its pointer, because a server may be starting from it', async () => {
    const copy = await put('a', '1.0.0', 'old');
    await age(copy);
    await put('a', '1.0.0', 'new');
    await removeUnreferenced(home, new Set());
    expect(await isThere(copy)).toBe(true);
  });

  it('removes the staging folder of a killed install, but not of an install in progress', async () => {
    await writeFiles(home.modules, { '.staging-dead/bundle.mjs': '', '.staging-live/bundle.mjs': '' });
    await age(path.join(home.modules, '.staging-dead'));
    await removeUnreferenced(home, new Set());
    expect(await namesIn(home.modules)).toEqual(['.staging-live']);
  });
});

async function problemsIn(of: Home): Promise<string[]> {
  return (await readRegistry(of)).damaged.map(({ details }) => details.problem);
}
