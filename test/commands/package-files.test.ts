import { cp, mkdir, readdir, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { homeAt } from '../../src/runtime/config/home.js';
import { installPackages } from '../../src/runtime/registry/install.js';
import { ocrhub, ocrhubJson } from '../helpers/cli.js';
import { packageFiles, writeFiles } from '../helpers/files.js';
import { temporaryFolder } from '../helpers/home.js';

/** A module that answers what `expression` gives. `head` stands above it, `initialize` gives `state`. */
function moduleThatAnswers(expression: string, { head = '', initialize = '' } = {}): string {
  const state = initialize === '' ? '' : `initialize: () => ${initialize},`;
  return `import { defineModule } from 'ocrhub';
import { readFileSync } from 'node:fs';
import path from 'node:path';
${head}
export default defineModule({ name: 'mine', version: '1.0.0', ${state} predict: async (_, state) => ${expression} });
`;
}

type Files = Readonly<Record<string, string>>;

/** Installs a package, renames its folder, and returns what the installed module answers. */
async function answerOf(files: Files, prepare?: (folder: string) => Promise<void>): Promise<unknown> {
  const root = await temporaryFolder();
  const folder = await writeFiles(path.join(root, 'mine'), files);
  await prepare?.(folder);
  await installPackages(homeAt(root, path.join(root, 'config.json')), [folder]);
  await rename(folder, path.join(root, 'moved'));
  const [{ result }] = await ocrhubJson<[{ result: unknown }]>(root, ['run', 'mine', picture]);
  return result;
}

const picture = 'test/fixtures/blank.png';

/** A package whose module answers `expression`, with more files. */
function packageWith(more: Files, ...module: Parameters<typeof moduleThatAnswers>): Files {
  return { ...packageFiles(moduleThatAnswers(...module)), ...more };
}

const words = { 'words.txt': 'hello' };
const npm = (name: string, files: Files, rest = {}): Files =>
  Object.fromEntries([
    [`node_modules/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', main: 'index.js', ...rest })],
    ...Object.entries(files).map(([file, text]) => [`node_modules/${name}/${file}`, text]),
  ]) as Files;

describe('an installed module whose source folder is gone reads', () => {
  it.each<[what: string, files: Files, answer: unknown]>([
    [
      'a file by __dirname while it loads',
      packageWith(words, 'read', { head: "const read = readFileSync(path.join(__dirname, 'words.txt'), 'utf8');" }),
      'hello',
    ],
    [
      'a file by __filename',
      packageWith(words, "readFileSync(path.join(__filename, '..', 'words.txt'), 'utf8')"),
      'hello',
    ],
    [
      'a file by import.meta.url in initialize',
      packageWith(words, 'state', { initialize: "readFileSync(new URL('./words.txt', import.meta.url), 'utf8')" }),
      'hello',
    ],
    [
      'a file by import.meta.dirname in predict',
      packageWith(words, "readFileSync(import.meta.dirname + '/words.txt', 'utf8')"),
      'hello',
    ],
    [
      'a file by a __dirname that the module declares itself',
      packageWith(words, "readFileSync(path.join(__dirname, 'words.txt'), 'utf8')", {
        head: "import { fileURLToPath } from 'node:url';\nconst __dirname = path.dirname(fileURLToPath(import.meta.url));",
      }),
      'hello',
    ],
    [
      'a file beside a source file in a subfolder',
      packageWith(
        {
          'lib/words.ts':
            "import { readFileSync } from 'node:fs';\nexport const words = readFileSync(new URL('words.txt', import.meta.url), 'utf8');",
          'lib/words.txt': 'inner',
          'words.txt': 'outer',
        },
        'words',
        { head: "import { words } from './lib/words.js';" },
      ),
      'inner',
    ],
    [
      'a file beside a CommonJS file in a subfolder',
      packageWith(
        {
          'lib/words.cjs':
            "exports.words = require('node:fs').readFileSync(require('node:path').join(__dirname, 'words.txt'), 'utf8');",
          'lib/words.txt': 'inner',
        },
        'words',
        { head: "import { words } from './lib/words.cjs';" },
      ),
      'inner',
    ],
    [
      'a folder of files',
      packageWith(
        { 'data/a.txt': '1', 'data/b/c.txt': '2' },
        "readFileSync(import.meta.dirname + '/data/a.txt', 'utf8') + readFileSync(import.meta.dirname + '/data/b/c.txt', 'utf8')",
      ),
      '12',
    ],
    [
      'a worker and the file that it imports',
      packageWith(
        {
          'work.mjs':
            "import { parentPort } from 'node:worker_threads';\nimport { word } from './word.mjs';\nparentPort.postMessage(word);",
          'word.mjs': "export const word = 'worked';",
        },
        "new Promise((resolve, reject) => new Worker(new URL('./work.mjs', import.meta.url)).on('message', resolve).on('error', reject))",
        { head: "import { Worker } from 'node:worker_threads';" },
      ),
      'worked',
    ],
    [
      'a module whose name is made at run time',
      packageWith({ 'a.mjs': 'export const v = 3;' }, "(await import(['./a', 'mjs'].join('.'))).v"),
      3,
    ],
    [
      'a TypeScript module whose name is made at run time',
      packageWith({ 'langs/a.ts': 'export const v: number = 3;' }, '(await import(`./langs/${["a"][0]}.ts`)).v'),
      3,
    ],
    [
      'files that it imports as text, bytes and JSON, each with and without an attribute',
      packageWith(
        {
          'a.csv': 'a,b',
          'b.html': '<p>',
          'c.md': '# c',
          'd.yaml': 'd: 1',
          'e.wasm': 'bytes',
          'f.bin': 'by',
          'w.json': '{"w": 1}',
          'again.ts':
            "import w from './w.json' with { type: 'json' };\nimport t from './a.csv?raw';\nimport u from './a.csv' with { type: 'text' };\nexport const again = [w, t, u];",
        },
        '[a, b, c, d, e.length, f.length, w, again]',
        {
          head: `import a from './a.csv'; import b from './b.html'; import c from './c.md'; import d from './d.yaml';
import e from './e.wasm'; import f from './f.bin' with { type: 'bytes' }; import w from './w.json'; import { again } from './again.js';`,
        },
      ),
      ['a,b', '<p>', '# c', 'd: 1', 5, 2, { w: 1 }, [{ w: 1 }, 'a,b', 'a,b']],
    ],
    [
      'the files that "files" of package.json names',
      packageWith(
        {
          'package.json': '{"files": ["words.txt", "./data/", "more/*.csv"]}',
          'words.txt': '1',
          'data/a.txt': '2',
          'more/b.csv': '3',
          'more/c.txt': 'no',
        },
        "['words.txt', 'data/a.txt', 'more/b.csv', 'more/c.txt'].map((name) => existsSync(path.join(import.meta.dirname, name)))",
        { head: "import { existsSync } from 'node:fs';" },
      ),
      [true, true, true, false],
    ],
    [
      'the file that an npm package in CommonJS reads, and the versions that its dependencies need',
      {
        ...packageWith({}, '[reader, other]', { head: "import reader from 'reader';\nimport other from 'plain';" }),
        ...npm(
          'reader',
          {
            'index.js':
              "module.exports = [require('fs').readFileSync(__dirname + '/data.txt', 'utf8'), require('plain'), require('outer')];",
            'data.txt': 'mine',
          },
          { dependencies: { plain: '2', outer: '1' } },
        ),
        ...npm('reader/node_modules/plain', {
          'index.js': "module.exports = 'plain 2';",
        }),
        ...npm('outer', { 'index.js': "module.exports = require('plain');" }, { dependencies: { plain: '1' } }),
        ...npm('plain', { 'index.js': "module.exports = 'plain 1';" }),
      },
      [['mine', 'plain 2', 'plain 1'], 'plain 1'],
    ],
    [
      'the file that an npm package as ES module reads, through a name without its ending',
      {
        ...packageWith({}, 'word', { head: "import { word } from 'reader/lib/word';" }),
        ...npm(
          'reader',
          {
            'lib/word.js':
              "import { readFileSync } from 'node:fs';\nexport const word = readFileSync(new URL('./word.wasm', import.meta.url), 'utf8');",
            'lib/word.wasm': 'es',
          },
          { type: 'module' },
        ),
      },
      'es',
    ],
    [
      'an npm package that it requires with createRequire, under another name and at once',
      {
        ...packageWith({}, "[load('named'), createRequire(import.meta.url)('@scope/at-once/lib/a.js')]", {
          head: "import { createRequire } from 'node:module';\nconst load = createRequire(import.meta.url);",
        }),
        ...npm('named', { 'index.js': "module.exports = require('needed');" }, { dependencies: { needed: '1' } }),
        ...npm('needed', { 'index.js': "module.exports = 'named';" }),
        ...npm('@scope/at-once', { 'lib/a.js': "module.exports = 'at once';" }),
      },
      ['named', 'at once'],
    ],
    [
      'the files of npm packages by import.meta.resolve, require.resolve and a path through node_modules',
      {
        ...packageWith(
          {},
          `[new URL(import.meta.resolve('one/words.txt')), require.resolve('two/words.txt'), new URL('./node_modules/three/words.txt', import.meta.url)]
            .map((file) => readFileSync(file, 'utf8'))`,
        ),
        ...npm('one', { 'words.txt': '1' }),
        ...npm('two', { 'words.txt': '2' }),
        ...npm('three', { 'words.txt': '3' }),
      },
      ['1', '2', '3'],
    ],
    [
      'an npm package that a worker imports, and one that a file of the worker requires',
      {
        ...packageWith(
          {
            'jobs/work.mjs':
              "import { parentPort } from 'node:worker_threads';\nimport word from 'worded';\nimport more from './more.cjs';\nparentPort.postMessage([word, more]);",
            'jobs/more.cjs': "module.exports = require('needed');",
          },
          "new Promise((resolve, reject) => new Worker(new URL('./jobs/work.mjs', import.meta.url)).on('message', resolve).on('error', reject))",
          { head: "import { Worker } from 'node:worker_threads';" },
        ),
        ...npm('worded', { 'index.js': "module.exports = 'worded';" }),
        ...npm('needed', { 'index.js': "module.exports = 'needed';" }),
      },
      ['worded', 'needed'],
    ],
    [
      'a worker that is an npm package',
      {
        ...packageWith(
          {},
          "new Promise((resolve, reject) => new Worker(new URL(import.meta.resolve('crew/work.js'))).on('message', resolve).on('error', reject))",
          { head: "import { Worker } from 'node:worker_threads';" },
        ),
        ...npm('crew', { 'work.js': "require('node:worker_threads').parentPort.postMessage('crew');" }),
      },
      'crew',
    ],
    [
      'what a file in a subfolder names at run time, from that subfolder',
      packageWith(
        {
          'lib/inner.ts': `import { readFileSync } from 'node:fs';
const [script, text] = ['./a.mjs', './a.txt'];
export const inner = async () => [
  (await import(script)).v,
  (await import( /* import(script) */ './' + 'b.mjs')).v,
  readFileSync(new URL(import.meta.resolve(text)), 'utf8'),
  readFileSync(new URL(import.meta.resolve('./a.txt')), 'utf8'),
  'import(script)',
];`,
          'lib/old.cjs':
            "const name = './c.cjs';\nmodule.exports = [require(name), require.resolve('./c.cjs').endsWith('/lib/c.cjs')];",
          ...Object.fromEntries(
            ['', 'lib/'].flatMap((folder) => [
              [`${folder}a.mjs`, `export const v = '${folder}a';`],
              [`${folder}b.mjs`, `export const v = '${folder}b';`],
              [`${folder}a.txt`, `${folder}text`],
              [`${folder}c.cjs`, `module.exports = '${folder}c';`],
            ]),
          ),
        },
        '[...(await inner()), ...old]',
        { head: "import { inner } from './lib/inner.js';\nimport old from './lib/old.cjs';" },
      ),
      ['lib/a', 'lib/b', 'lib/text', 'lib/text', 'import(script)', 'lib/c', true],
    ],
    [
      'the files that "files" names, without those that a later name takes out',
      packageWith(
        {
          'package.json': '{"files": ["data", "!data/x", "!data/**/*.tmp", "data/x/kept.txt", "!nothing"]}',
          'data/a.txt': '1',
          'data/x/b.txt': '2',
          'data/x/kept.txt': '3',
          'data/y/c.tmp': '4',
        },
        "['data/a.txt', 'data/x/b.txt', 'data/x/kept.txt', 'data/y/c.tmp'].map((name) => existsSync(path.join(import.meta.dirname, name)))",
        { head: "import { existsSync } from 'node:fs';" },
      ),
      [true, false, true, false],
    ],
    [
      'nothing where an npm package may do without its native add-on',
      {
        ...packageWith({}, 'word', { head: "import word from 'careful';" }),
        ...npm(
          'careful',
          { 'index.js': "let word = 'slow';\ntry { word = require('native'); } catch {}\nmodule.exports = word;" },
          { optionalDependencies: { native: '1' } },
        ),
        ...npm('native', { 'index.js': "module.exports = require('../build/Release/native.node');" }),
      },
      'slow',
    ],
    [
      'nothing where the module may do without a native add-on',
      packageWith({}, 'word', {
        head: "let word = 'slow';\ntry { word = require('./build/native.node'); } catch {}",
      }),
      'slow',
    ],
  ])('%s', async (_, files, answer) => {
    expect(await answerOf(files)).toEqual(answer);
  });

  it('a file and a folder that are links', async () => {
    const files = packageWith(
      {},
      "readFileSync(import.meta.dirname + '/words.txt', 'utf8') + readFileSync(import.meta.dirname + '/data/more.txt', 'utf8')",
    );
    const answer = await answerOf(files, async (folder) => {
      const elsewhere = await writeFiles(path.join(folder, '..', 'elsewhere'), { 'w.txt': 'a', 'data/more.txt': 'b' });
      await symlink(path.join(elsewhere, 'w.txt'), path.join(folder, 'words.txt'));
      await symlink(path.join(elsewhere, 'data'), path.join(folder, 'data'));
      await symlink('..', path.join(elsewhere, 'data', 'loop'));
      await symlink('.', path.join(folder, 'loop'));
      await symlink('gone', path.join(folder, 'broken'));
    });
    expect(answer).toBe('ab');
  });

  it('the exports of a native package', async ({ skip }) => {
    const binding = path.resolve('node_modules/@oxc-resolver/binding-linux-x64-gnu');
    if (process.platform !== 'linux' || !existsSync(binding)) skip('there is no native package for this machine');
    const files = packageWith({}, 'typeof ResolverFactory', {
      head: "import { ResolverFactory } from '@oxc-resolver/binding-linux-x64-gnu';",
    });
    const answer = await answerOf(files, async (folder) => {
      await mkdir(path.join(folder, 'node_modules/@oxc-resolver'), { recursive: true });
      await cp(binding, path.join(folder, 'node_modules/@oxc-resolver/binding-linux-x64-gnu'), { recursive: true });
    });
    expect(answer).toBe('function');
  });

  it.each<[how: string, files: Files]>([
    [
      'exports.default of a compiler',
      {
        'index.js':
          "Object.defineProperty(exports, '__esModule', { value: true });\nexports.default = require('./module.js').default;",
        'module.js':
          "Object.defineProperty(exports, '__esModule', { value: true });\nexports.default = require('ocrhub').defineModule({ name: 'mine', version: '1.0.0', predict: () => 'cjs' });",
      },
    ],
    [
      'module.exports.default',
      {
        'index.js': "module.exports = require('./module.js');\nmodule.exports.default = module.exports;",
        'module.js':
          "module.exports = require('ocrhub').defineModule({ name: 'mine', version: '1.0.0', predict: () => 'cjs' });",
      },
    ],
    [
      'a default of a default',
      {
        'index.ts': "import * as all from './module.js';\nexport default all;",
        'module.js':
          "Object.defineProperty(exports, '__esModule', { value: true });\nexports.default = { default: require('ocrhub').defineModule({ name: 'mine', version: '1.0.0', predict: () => 'cjs' }) };",
      },
    ],
  ])('no file, and is exported as %s', async (_, files) => {
    expect(await answerOf({ 'params.js': '', ...files })).toBe('cjs');
  });
});

async function refusalOf(files: Files, prepare?: (folder: string) => Promise<void>): Promise<string> {
  const home = await temporaryFolder();
  const folder = await writeFiles(path.join(home, 'mine'), files);
  await prepare?.(folder);
  const { code, stderr } = await ocrhub(path.join(home, 'home'), ['install', folder]);
  expect(code).toBeGreaterThan(0);
  return stderr.replaceAll(folder, 'FOLDER');
}

describe('install refuses a package', () => {
  it.each<[what: string, files: Files, message: string]>([
    [
      'that reads a file which is not there',
      packageWith({}, 'read', { head: "const read = readFileSync(path.join(__dirname, 'words.txt'), 'utf8');" }),
      "Error: FOLDER cannot be loaded: Error: ENOENT: no such file or directory, open 'FOLDER/words.txt'\n",
    ],
    [
      'that reads a hidden file, and says why it is not in the copy',
      packageWith({ '.words': 'a' }, 'read', {
        head: "const read = readFileSync(path.join(__dirname, '.words'), 'utf8');",
      }),
      "open 'FOLDER/.words'. The file is there, but the module runs from a copy that was made without it: names that begin with a dot stay behind",
    ],
    [
      'that reads a file which "files" does not name',
      packageWith({ 'package.json': '{"files": []}', ...words }, 'read', {
        head: "const read = readFileSync(path.join(__dirname, 'words.txt'), 'utf8');",
      }),
      'name it there and install again',
    ],
    [
      'whose "files" names no file',
      packageWith({ 'package.json': '{"files": ["word.txt"]}' }, '1'),
      'Error: "files" in FOLDER/package.json cannot be used: "word.txt" names no file\n',
    ],
    [
      'whose "files" leads out of the package',
      packageWith({ 'package.json': '{"files": ["../words.txt"]}' }, '1'),
      '"../words.txt" lies outside the package\n',
    ],
    [
      'whose "files" is no list',
      packageWith({ 'package.json': '{"files": "a"}' }, '1'),
      'it must be a list of names\n',
    ],
    [
      'that imports a file with an ending that is not known',
      packageWith({ 'a.weird': '' }, 'a', { head: "import a from './a.weird';" }),
      `No loader is configured for ".weird" files: a.weird; import it with { type: 'text' } or { type: 'bytes' }, or read it at run time: readFileSync(new URL('./NAME.weird', import.meta.url))`,
    ],
    [
      'that imports names which no file has',
      packageWith({ 'langs/a.ts': 'export const v = 1;' }, '(await import(`./langs/${["a"][0]}.js`)).v'),
      'write the names as the files have them, for example ./${name}.ts',
    ],
    [
      'that exports its module by name only',
      { ...packageWith({}, '1'), 'index.ts': "export { default as mine } from './module.js';" },
      'it exports "mine" by name, and nothing by default; write: export default mine\n',
    ],
    [
      'whose worker imports a package that ocrhub holds itself',
      {
        ...packageWith(
          { 'work.mjs': "import sharp from 'sharp';\nsharp();" },
          "new URL('./work.mjs', import.meta.url)",
        ),
        ...npm('sharp', { 'index.js': '' }),
      },
      'FOLDER/work.mjs: "sharp" cannot be used by a module: ocrhub holds it itself',
    ],
    [
      'that imports an npm package by a name that is made at run time, and says how to name it',
      {
        ...packageWith({}, '1', { head: "const name = ['wor', 'ded'].join('');\nawait import(name);" }),
        ...npm('worded', { 'index.js': "module.exports = 'worded';" }),
      },
      "write createRequire(import.meta.url).resolve('NAME') in it",
    ],
  ])('%s', async (_, files, message) => {
    expect(await refusalOf(files)).toContain(message);
  });

  it('that run refuses too: a worker of a folder imports a package that ocrhub holds itself', async () => {
    const home = await temporaryFolder();
    const head = "import { Worker } from 'node:worker_threads';";
    for (const [worker, name] of [
      ["import sharp from 'sharp';\nsharp();", 'sharp'],
      ["const ort = require('onnxruntime-node');", 'onnxruntime-node'],
    ] as const) {
      const file = name === 'sharp' ? 'work.mjs' : 'work.cjs';
      const folder = await writeFiles(path.join(home, name), {
        ...packageWith({ [file]: worker }, `String(new Worker(new URL('./${file}', import.meta.url)))`, { head }),
        ...npm(name, { 'index.js': '' }),
      });
      const { code, stdout, stderr } = await ocrhub(path.join(home, 'home'), ['run', folder, picture]);
      const message = `${path.join(folder, file)}: "${name}" cannot be used by a module: ocrhub holds it itself`;
      expect([code, stdout, stderr]).toEqual([5, '', expect.stringContaining(message)]);
    }
  });

  it('whose folder holds too much, and names the largest file', async () => {
    const stderr = await refusalOf(packageWith({ 'films/big.mp4': '' }, '1'), (folder) =>
      truncate(path.join(folder, 'films/big.mp4'), 300 * 1024 ** 2),
    );
    expect(stderr).toContain('the largest is FOLDER/films/big.mp4 with 314572800 bytes\n');
    expect(stderr).toContain('Write a package.json there whose "files" names what the module reads at run time');
  });
});

it('a changed file that is only read makes another copy, and a home folder in the package does not go along', async () => {
  const root = await temporaryFolder();
  const folder = await writeFiles(path.join(root, 'mine'), packageWith(words, '1'));
  const home = homeAt(path.join(folder, 'home'), path.join(folder, 'home', 'config.json'));
  const [before] = await installPackages(home, [folder]);
  const [again] = await installPackages(home, [folder]);
  expect(again?.hash).toBe(before?.hash);
  await writeFile(path.join(folder, 'words.txt'), 'other');
  const [after] = await installPackages(home, [folder]);
  expect(after?.hash).not.toBe(before?.hash);
  expect((await readdir(after?.path ?? '')).sort()).toEqual([
    'bundle.mjs',
    'bundle.mjs.map',
    'index.ts',
    'module.ts',
    'params.ts',
    'words.txt',
  ]);
  await rm(folder, { recursive: true });
});
