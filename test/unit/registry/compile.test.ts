import { expect, it } from 'vitest';
import { compilePackage, type Bundle } from '../../../src/runtime/registry/compile.js';
import { openPackage } from '../../../src/runtime/registry/package-folder.js';
import { packageFiles, wordModule, writeFiles } from '../../helpers/files.js';
import { temporaryFolder } from '../../helpers/home.js';

async function compile(files: Readonly<Record<string, string>>): Promise<Bundle> {
  return compilePackage(await openPackage(await writeFiles(await temporaryFolder(), files)));
}

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');

it('makes one file of a package, with ocrhub as its only import', async () => {
  const { code, inputs } = await compile({
    ...packageFiles(`import { greeting } from './lib/greeting.js';\n${wordModule('a')}console.log(greeting);`),
    'lib/greeting.ts': "export const greeting: string = 'hello';",
  });
  expect(inputs).toEqual(['index.ts', 'lib/greeting.ts', 'module.ts']);
  expect(text(code)).toContain('hello');
  const imports = [...text(code).matchAll(/from ["'](.+?)["']/g)].map(([, from]) => from);
  expect(imports.filter((from) => !from?.startsWith('node:'))).toEqual(['ocrhub']);
});

it('writes a source map that names the files as the author has them', async () => {
  const { sourceMap } = await compile(packageFiles(wordModule('a')));
  expect(JSON.parse(text(sourceMap))).toMatchObject({ sources: ['module.ts'] });
});

it("bundles the package's own npm dependencies, CommonJS ones too", async () => {
  const { code, inputs } = await compile({
    ...packageFiles(`import answer from 'answer';\nexport default answer;`),
    'node_modules/answer/package.json': '{"name": "answer", "main": "index.js"}',
    'node_modules/answer/index.js': "module.exports = require('node:os').EOL + 'forty-two';",
  });
  expect(text(code)).toContain('forty-two');
  expect(inputs).toEqual(['index.ts', 'module.ts']);
});

it('names file, line and column of a syntax error', async () => {
  const failure = compile(packageFiles("const fine = 1;\nexport default { name: 'x' version: '1.0.0' };\n"));
  await expect(failure).rejects.toMatchObject({
    code: 'compile_failed',
    message: 'module.ts:2:28: Expected "}" but found "version"',
    exitCode: 5,
  });
});

it('names the place of an import that leads nowhere', async () => {
  await expect(compile(packageFiles("import './gone.js';\nexport default {};\n"))).rejects.toMatchObject({
    message: 'module.ts:1:8: Could not resolve "./gone.js"',
  });
});

it.each(['sharp', 'onnxruntime-node', 'onnxruntime-common', './addon.node'])(
  'refuses to bundle %s, and says what to do',
  async (name) => {
    await expect(
      compile(packageFiles(`\nimport native from '${name}';\nexport default native;`)),
    ).rejects.toMatchObject({
      code: 'native_package_imported',
      message: `module.ts:2:20: "${name}" is a native addon and cannot be bundled into a module`,
      hint: 'Import what you need from "ocrhub", which exports pictures, models and every stage of the pipeline.',
    });
  },
);

it('takes a package written in JavaScript', async () => {
  const { code } = await compile({
    'index.js': "export { default } from './module.js';",
    'module.js': 'export default { plain: true };',
    'params.js': '',
  });
  expect(text(code)).toContain('plain: true');
});
