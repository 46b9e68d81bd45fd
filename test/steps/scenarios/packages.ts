import { readFile, utimes } from 'node:fs/promises';
import path from 'node:path';
import { homeAt } from '../../../src/runtime/config/home.js';
import { contentFolder, listInstalled } from '../../../src/runtime/registry/store.js';
import { ocrhubJson } from '../../helpers/cli.js';
import { packageFiles, wordModule, writeFiles } from '../../helpers/files.js';
import { filesBelow, type Place, type Scenario } from './scenario.js';

/** Each installed version with the words of its bundle. */
async function installed({ home }: Place): Promise<unknown> {
  const at = homeAt(home, path.join(home, 'config.json'));
  const modules = await listInstalled(at);
  return Promise.all(
    modules.map(async (module) => {
      const bundle = await readFile(path.join(contentFolder(at, module), 'bundle.mjs'), 'utf8');
      return [module.name, module.version, /'(one|two)'|"(one|two)"/.exec(bundle)?.[0].slice(1, -1)];
    }),
  );
}

/** Two packages of the module `word`. */
async function writePackages({ folder }: Place): Promise<void> {
  await writeFiles(path.join(folder, 'one'), packageFiles(wordModule('word', { word: 'one' })));
  await writeFiles(path.join(folder, 'two'), packageFiles(wordModule('word', { word: 'two' })));
}

/** Both packages, the first of which is installed. */
export async function installOne(place: Place): Promise<void> {
  await writePackages(place);
  await ocrhubJson(place.home, ['install', path.join(place.folder, 'one')]);
}

export const packages: readonly Scenario[] = [
  {
    title: 'install over an older copy',
    args: () => ['install', './two'],
    below: ['home'],
    state: installed,
    prepare: installOne,
  },
  {
    title: 'install into an empty home folder',
    args: () => ['install', './two'],
    below: ['home'],
    state: installed,
    prepare: writePackages,
  },
  {
    title: 'uninstall',
    args: () => ['uninstall', 'word'],
    below: ['home'],
    state: installed,
    whenDone: [3],
    prepare: installOne,
  },
  {
    title: 'clear',
    args: () => ['clear', '--yes'],
    below: ['home'],
    state: async (place) => [await installed(place), await filesBelow(path.join(place.home, 'logs'))],
    async prepare(place) {
      await installOne(place);
      // One file: with several, some may be gone and others not.
      await writeFiles(path.join(place.home, 'logs'), { '9999.log': 'a line' });
      const old = new Date(Date.now() - 3_600_000);
      await utimes(path.join(place.home, 'logs', '9999.log'), old, old);
    },
  },
];
