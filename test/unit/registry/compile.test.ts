import { execFileSync } from 'node:child_process';
import { symlink } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import * as ocrhub from '../../../src/runtime/index.js';
import { compilePackage, type Bundle } from '../../../src/runtime/registry/compile/compile.js';
import { openPackage } from '../../../src/runtime/registry/package-folder.js';
import { packageFiles, wordModule, writeFiles } from '../../helpers/files.js';
import { temporaryFolder } from '../../helpers/home.js';

async function compile(files: Readonly<Record<string, string>>): Promise<Bundle> {
  return compilePackage(await openPackage(await writeFiles(await temporaryFolder(), files)));
}

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');

it('compilePackage bundles a package into one file without imports', async () => {
  const { code, inputs } = await compile({
    ...packageFiles(`import { greeting } from './lib/greeting.js';\n${wordModule('a')}console.log(greeting);`),
    'lib/greeting.ts': "export const greeting: string = 'hello';",
  });
  expect(inputs).toEqual(['index.ts', 'lib/greeting.ts', 'module.ts']);
  expect(text(code)).toContain('hello');
  const imports = [...text(code).matchAll(/from ["'](.+?)["']/g)].map(([, from]) => from);
  expect(imports.filter((from) => !from?.startsWith('node:'))).toEqual([]);
});

/** The names that a bundle takes from the "ocrhub" of its process. */
const taken = ({ code }: Bundle): string[] =>
  [...text(code).matchAll(/ocrhub\("(\w+)"\)/g)].map(([, name = '']) => name);

const publicNames = Object.keys(ocrhub).sort();

describe('the import of "ocrhub" in a bundle', () => {
  it('takes only the names that the module uses', async () => {
    const module =
      "import { z, type Image, Point, defineModule } from 'ocrhub';\nexport default defineModule(z as Point);";
    expect(taken(await compile(packageFiles(module)))).toEqual(['defineModule', 'z']);
  });

  it('disappears if the module uses only types', async () => {
    const { code } = await compile(packageFiles("import { Image } from 'ocrhub';\nexport default {} as Image;"));
    expect(text(code)).not.toContain('ocrhub');
  });

  it.each([
    ['takes the used names of a namespace', "import * as o from 'ocrhub';\nexport default o.z;", ['z']],
    ['takes all names if a namespace is exported', "import * as o from 'ocrhub';\nexport default { o };", publicNames],
    ['takes all names if index.ts exports them again', "export * from 'ocrhub';\nexport default 1;", publicNames],
    ['takes all names if "ocrhub" is imported dynamically', "export default () => import('ocrhub');", publicNames],
  ])('%s', async (_, module, names) => {
    const files = {
      ...packageFiles(module),
      'index.ts': "export * from './module.js';\nexport { default } from './module.js';",
    };
    expect(taken(await compile(files))).toEqual(names);
  });

  it('takes all names if a dependency calls require()', async () => {
    const bundle = await compile({
      ...packageFiles("import z from 'dependency';\nexport default z;"),
      'node_modules/dependency/package.json': '{"name": "dependency", "main": "index.js"}',
      'node_modules/dependency/index.js': "module.exports = require('ocrhub').z;",
    });
    expect(taken(bundle)).toEqual(publicNames);
  });

  it('ignores node_modules/ocrhub, which editors use for types', async () => {
    const { code, inputs } = await compile({
      ...packageFiles(wordModule('a')),
      'node_modules/ocrhub/package.json': '{"name": "ocrhub", "main": "index.js"}',
      'node_modules/ocrhub/index.js': "export const defineModule = 'another copy';",
    });
    expect(text(code)).not.toContain('another copy');
    expect(inputs).toEqual(['index.ts', 'module.ts']);
  });
});

it('compilePackage names the position of an import that "ocrhub" does not export', async () => {
  await expect(
    compile(packageFiles("import { Dettector } from 'ocrhub';\nexport default new Dettector();")),
  ).rejects.toMatchObject({
    code: 'compile_failed',
    message: 'module.ts:1:10: No matching export in "ocrhub" for import "Dettector"',
  });
});

it("the source map of a bundle names the author's files", async () => {
  const { sourceMap } = await compile(packageFiles(wordModule('a')));
  expect(JSON.parse(text(sourceMap))).toMatchObject({ sources: ['process:ocrhub', 'module.ts'] });
});

it("compilePackage bundles the package's own npm dependencies, including CommonJS", async () => {
  const { code, inputs } = await compile({
    ...packageFiles(`import answer from 'answer';\nexport default answer;`),
    'node_modules/answer/package.json': '{"name": "answer", "main": "index.js"}',
    'node_modules/answer/index.js': "module.exports = require('node:os').EOL + 'forty-two';",
  });
  expect(text(code)).toContain('forty-two');
  expect(inputs).toEqual(['index.ts', 'module.ts']);
});

it('compilePackage names the file, line and column of a syntax error', async () => {
  const failure = compile(packageFiles("const fine = 1;\nexport default { name: 'x' version: '1.0.0' };\n"));
  await expect(failure).rejects.toMatchObject({
    code: 'compile_failed',
    message: 'module.ts:2:28: Expected "}" but found "version"',
    exitCode: 5,
  });
});

it('compilePackage names the position of an import of a missing file', async () => {
  await expect(compile(packageFiles("import './gone.js';\nexport default {};\n"))).rejects.toMatchObject({
    message: 'module.ts:1:8: Could not resolve "./gone.js"',
  });
});

it.each(['sharp', 'onnxruntime-node', 'onnxruntime-common'])('compilePackage refuses %s with a hint', async (name) => {
  await expect(compile(packageFiles(`\nimport native from '${name}';\nexport default native;`))).rejects.toMatchObject({
    code: 'native_package_imported',
    message: `module.ts:2:20: "${name}" cannot be used by a module: ocrhub holds it itself, and two copies in one process disturb each other`,
    hint: 'Import what you need from "ocrhub", which exports pictures, models and every stage of the pipeline.',
  });
});

it('compilePackage accepts a package in JavaScript', async () => {
  const { code } = await compile({
    'index.js': "export { default } from './module.js';",
    'module.js': 'export default { plain: true };',
    'params.js': '',
  });
  expect(text(code)).toContain('plain: true');
});

describe("the package's tsconfig.json", () => {
  const withPaths = {
    ...packageFiles(`import { greeting } from '@/greeting';\n${wordModule('a')}console.log(greeting);`),
    'lib/greeting.ts': "export const greeting: string = 'hello';",
  };
  const paths = { '@/*': ['./lib/*'] };

  it.each([
    ['has paths', { 'tsconfig.json': JSON.stringify({ compilerOptions: { paths } }) }],
    [
      'has comments, a last comma and a base',
      {
        'tsconfig.json': `{ // the editor's\n"compilerOptions": { "baseUrl": "./lib", "paths": { "@/*": ["./*"] }, } }`,
      },
    ],
    [
      'extends another',
      { 'tsconfig.json': '{ "extends": "./base.json" }', 'base.json': JSON.stringify({ compilerOptions: { paths } }) },
    ],
    [
      'maps "ocrhub" to its types too',
      { 'tsconfig.json': JSON.stringify({ compilerOptions: { paths: { ...paths, ocrhub: ['./none.d.ts'] } } }) },
    ],
  ])('is read when it %s', async (_, files) => {
    const bundle = await compile({ ...withPaths, ...files });
    expect(bundle.inputs).toEqual(['index.ts', 'lib/greeting.ts', 'module.ts']);
    expect(taken(bundle)).toEqual(['defineModule']);
  });

  it('decides on the form of decorators', async () => {
    const decorated = packageFiles(`${wordModule('a')}
      function mark(target: object, key: string, descriptor: PropertyDescriptor): void { descriptor.value = () => 'marked'; }
      export class Greeting { @mark say(): string { return 'plain'; } }
      export const said = new Greeting().say();`);
    const legacy = { 'tsconfig.json': '{ "compilerOptions": { "experimentalDecorators": true } }' };
    expect(text((await compile({ ...decorated, ...legacy })).code)).toContain('__decorateClass');
    expect(text((await compile(decorated)).code)).not.toContain('__decorateClass');
  });

  it.each([
    ['that ends early', '{ "compilerOptions": {', 'tsconfig.json:1:'],
    ['whose base is missing', '{ "extends": "../none.json" }', '"../none.json"'],
    ['whose paths are no lists', '{ "compilerOptions": { "paths": { "@/*": "x" } } }', 'tsconfig.json:1:'],
  ])('%s is named', async (_, tsconfig, named) => {
    await expect(compile({ ...withPaths, 'tsconfig.json': tsconfig })).rejects.toMatchObject({
      code: 'compile_failed',
      message: expect.stringContaining(named) as string,
    });
  });

  it('of a folder above is not read', async () => {
    const above = await writeFiles(await temporaryFolder(), {
      'tsconfig.json': JSON.stringify({ compilerOptions: { paths: { '@/*': ['./package/lib/*'] } } }),
      ...Object.fromEntries(Object.entries(withPaths).map(([name, content]) => [`package/${name}`, content])),
    });
    await expect(compilePackage(await openPackage(`${above}/package`))).rejects.toMatchObject({
      code: 'compile_failed',
      message: expect.stringContaining('@/greeting') as string,
    });
  });
});

it.skipIf(process.platform === 'win32').each([
  ['q.txt', "import x from './q.txt';"],
  ['q.json', "import x from './q.json';"],
  ['q.json', "import x from './q.json' with { type: 'json' };"],
  ['q.js', "import x from './q.js';"],
  ['q.css', "import x from './q.css';"],
])('an import of a pipe or a device as %s by %j is refused (skipped on Windows)', async (name, statement) => {
  for (const [make, kind] of [
    [(file: string) => Promise.resolve(execFileSync('mkfifo', [file])), 'is a named pipe'],
    [(file: string) => symlink('/dev/zero', file), 'is a device'],
  ] as const) {
    const folder = await writeFiles(await temporaryFolder(), packageFiles(`${statement}\nexport default x;`));
    await make(path.join(folder, name));
    const compiled = compilePackage(await openPackage(folder));
    await expect(compiled).rejects.toMatchObject({ code: 'compile_failed' });
    await expect(compiled).rejects.toThrow(kind);
    await expect(compiled).rejects.not.toThrow('esbuild');
  }
});
