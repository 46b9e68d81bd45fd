import { cp, mkdir, readdir, readFile, utimes } from 'node:fs/promises';
import path from 'node:path';
import { homeAt } from '../../src/runtime/config/home.js';
import { readUserConfig } from '../../src/runtime/config/user-config.js';
import { contentFolder, listInstalled } from '../../src/runtime/registry/store.js';
import { ocrhub, ocrhubJson, root } from '../helpers/cli.js';
import { packageFiles, wordModule, writeFiles } from '../helpers/files.js';

/** A command that changes files, and how to see what is there. */
export interface Scenario {
  readonly title: string;
  /** Makes what is there before the command; `folder` holds `home`, and whatever else the scenario needs. */
  prepare(folder: string, home: string): Promise<void>;
  /** The command, given in the folder. */
  readonly args: readonly string[];
  /** Folders whose changes count, below the folder. */
  readonly below: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** What a user finds. It names no path, because the folder is copied. */
  state(folder: string, home: string): Promise<unknown>;
  /** Exit codes of the same command when it has nothing to do any more. Default: 0. */
  readonly whenDone?: readonly number[];
}

const home = ['home'] as const;

/** Each installed version with the words of its bundle. */
async function installed(_: string, place: string): Promise<unknown> {
  const at = homeAt(place, path.join(place, 'config.json'));
  const modules = await listInstalled(at);
  return Promise.all(
    modules.map(async (module) => {
      const bundle = await readFile(path.join(contentFolder(at, module), 'bundle.mjs'), 'utf8');
      return [module.name, module.version, /'(one|two)'|"(one|two)"/.exec(bundle)?.[0].slice(1, -1)];
    }),
  );
}

async function packages(folder: string): Promise<void> {
  await writeFiles(path.join(folder, 'one'), packageFiles(wordModule('word', { word: 'one' })));
  await writeFiles(path.join(folder, 'two'), packageFiles(wordModule('word', { word: 'two' })));
}

export const scenarios: readonly Scenario[] = [
  {
    title: 'install over an older copy',
    args: ['install', './two'],
    below: home,
    state: installed,
    async prepare(folder, place) {
      await packages(folder);
      await ocrhubJson(place, ['install', path.join(folder, 'one')]);
    },
  },
  {
    title: 'install into an empty home folder',
    args: ['install', './two'],
    below: home,
    state: installed,
    prepare: packages,
  },
  {
    title: 'uninstall',
    args: ['uninstall', 'word'],
    below: home,
    state: installed,
    whenDone: [3],
    async prepare(folder, place) {
      await packages(folder);
      await ocrhubJson(place, ['install', path.join(folder, 'one')]);
    },
  },
  {
    title: 'config set',
    args: ['config', 'set', 'port', '9001'],
    below: home,
    state: (_, place) => Promise.resolve(readUserConfig(path.join(place, 'config.json'))),
    async prepare(_, place) {
      await ocrhubJson(place, ['config', 'set', 'port', '9000']);
    },
  },
  {
    title: 'config unset --all',
    args: ['config', 'unset', '--all'],
    below: home,
    state: (_, place) => Promise.resolve(readUserConfig(path.join(place, 'config.json'))),
    async prepare(_, place) {
      await ocrhubJson(place, ['config', 'set', 'port', '9000']);
    },
  },
  {
    title: 'create',
    args: ['create', 'mine'],
    below: ['.'],
    state: (folder) => filesBelow(path.join(folder, 'mine')),
    whenDone: [4],
    prepare: () => Promise.resolve(),
  },
  {
    title: 'convert',
    args: ['convert', '--rec', './model/rec.onnx', '--dict', './model/dict.txt', '--name', 'mine'],
    below: ['.'],
    state: async (folder, place) => [
      await filesBelow(path.join(folder, 'mine')),
      await filesBelow(path.join(place, 'models')),
    ],
    whenDone: [4],
    async prepare(folder) {
      await mkdir(path.join(folder, 'model'));
      await cp(path.join(root, 'models', embedded.rec), path.join(folder, 'model', 'rec.onnx'));
      await cp(path.join(root, 'models', embedded.dict), path.join(folder, 'model', 'dict.txt'));
    },
  },
  {
    title: 'clear',
    args: ['clear', '--yes'],
    below: home,
    state: async (folder, place) => [await installed(folder, place), await filesBelow(path.join(place, 'logs'))],
    async prepare(folder, place) {
      await packages(folder);
      await ocrhubJson(place, ['install', path.join(folder, 'one')]);
      // One file: with several, some may be gone and others not.
      await writeFiles(path.join(place, 'logs'), { '9999.log': 'a line' });
      const old = new Date(Date.now() - 3_600_000);
      await utimes(path.join(place, 'logs', '9999.log'), old, old);
    },
  },
  {
    title: 'batch',
    args: ['batch', './scans', './out', '-m', 'word'],
    below: ['out'],
    async state(folder, place) {
      const { code, stdout } = await ocrhub(place, ['batch', 'merge', path.join(folder, 'out')]);
      return code === 0 ? stdout.trimEnd().split('\n').map(readingOf).sort() : 'unfinished';
    },
    async prepare(folder, place) {
      await packages(folder);
      await ocrhubJson(place, ['install', path.join(folder, 'one')]);
      await mkdir(path.join(folder, 'scans'));
      for (let i = 0; i < 40; i++)
        await cp(path.join(root, 'test', 'fixtures', 'pixel.png'), path.join(folder, 'scans', `${i}.png`));
    },
  },
];

const embedded = { rec: 'PP-OCRv6_rec_small-int8.onnx', dict: 'ppocrv6_dict.txt' };

/** A line of results without its times. */
function readingOf(line: string): string {
  const { src, page, result } = JSON.parse(line) as { src: string; page: number; result: unknown };
  return JSON.stringify([src, page, result]);
}

async function filesBelow(folder: string): Promise<string[]> {
  return (await readdir(folder, { recursive: true }).catch(() => [])).sort();
}
