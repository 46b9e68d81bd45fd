import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { inspectBundle } from '../../src/runtime/registry/inspect.js';
import { ocrhub, ocrhubJson, type CliResult } from '../helpers/cli.js';
import { namesIn, packageFiles, wordModule, writeFiles } from '../helpers/files.js';
import { temporaryFolder } from '../helpers/home.js';

interface Refusal extends CliResult {
  readonly folder: string;
}

/** Installs a package that must be refused, and checks that it left nothing behind. */
async function refusal(files: Readonly<Record<string, string>>): Promise<Refusal> {
  const home = await temporaryFolder();
  const folder = await writeFiles(await temporaryFolder(), files);
  const result = await ocrhub(home, ['install', folder]);
  expect(result.stdout).toBe('');
  expect(await namesIn(path.join(home, 'modules'))).toEqual([]);
  return { folder, ...result };
}

const moduleWith = (members: string): Record<string, string> => packageFiles(`export default { ${members} };\n`);

it('refuses a folder that is not there', async () => {
  const home = await temporaryFolder();
  const stderr =
    'Error: There is no folder ./gone\nName the folder of a package, for example: ocrhub install ./my_ocr\n';
  expect(await ocrhub(home, ['install', './gone'])).toEqual({ code: 3, stdout: '', stderr });
  expect(await ocrhubJson(home, ['install', './gone'], 3)).toEqual({
    error: {
      code: 'package_not_found',
      message: 'There is no folder ./gone',
      hint: 'Name the folder of a package, for example: ocrhub install ./my_ocr',
    },
  });
});

it('refuses a package without module.ts', async () => {
  const { code, stderr, folder } = await refusal({ 'index.ts': '', 'params.ts': '' });
  expect(code).toBe(5);
  expect(stderr).toBe(
    `Error: ${folder} is not a service package: it has no module.ts\nA package is a folder with index.ts, module.ts and params.ts (config.json is optional).\n`,
  );
});

it('ignores messages that a module sends to the process that inspects it, and refuses the module', async () => {
  const speaking = `process.send('hello');\n${wordModule('word')}`;
  const { code, stderr } = await refusal(packageFiles(speaking));
  expect(code).toBe(5);
  expect(stderr).toContain('TypeError: process.send is not a function');
  const home = await temporaryFolder();
  const careful = speaking.replace('send(', 'send?.(');
  const folder = await writeFiles(await temporaryFolder(), packageFiles(careful));
  expect(await ocrhub(home, ['install', folder])).toMatchObject({ code: 0, stderr: '' });
});

it('refuses a syntax error, with file, line and column', async () => {
  const { code, stderr } = await refusal(packageFiles("export default {\n  name 'x',\n};\n"));
  expect(code).toBe(5);
  expect(stderr).toBe(`Error: module.ts:2:8: Expected "}" but found "'x'"\nFix it, then run the command again.\n`);
});

it('refuses a syntax error in params.ts, naming that file', async () => {
  const files = { ...packageFiles("import { params } from './params.js';\nexport default params;\n") };
  const { stderr } = await refusal({ ...files, 'params.ts': 'export const params = {\n  drop_score: 0,5,\n};\n' });
  expect(stderr).toMatch(/^Error: params\.ts:2:\d+: /);
});

it('refuses a module that imports a package with machine code', async () => {
  const { code, stderr } = await refusal(packageFiles("import sharp from 'sharp';\nexport default sharp;\n"));
  expect(code).toBe(5);
  expect(stderr).toBe(
    'Error: module.ts:1:19: "sharp" cannot be used by a module: ocrhub holds it itself, and two copies in one process disturb each other\nImport what you need from "ocrhub", which exports pictures, models and every stage of the pipeline.\n',
  );
});

describe('install refuses a module whose', () => {
  it.each([
    ['default export is missing', 'export const a = 1;\n', 'index.ts has no default export made by defineModule'],
    ['predict is missing', "export default { name: 'x', version: '1.0.0' };\n", 'predict: expected a function'],
  ])('%s', async (_, module, problem) => {
    const { code, stderr, folder } = await refusal(packageFiles(module));
    expect(code).toBe(5);
    expect(stderr).toBe(
      `Error: ${folder} is not a service module: ${problem}\nindex.ts exports by default what defineModule({ name, version, predict }) returns.\n`,
    );
  });

  it('name is not a legal id', async () => {
    const { code, stderr } = await refusal(moduleWith("name: '../x', version: '1.0.0', predict() {}"));
    expect(code).toBe(2);
    expect(stderr).toBe(
      'Error: "../x" is not a legal module name: a letter, then at most 63 letters, digits, "_" or "-"\nWrite name or name==version, for example ocr_system==1.0.0\n',
    );
  });

  it('version is not a semantic version', async () => {
    const { code, stderr } = await refusal(moduleWith("name: 'mine', version: '1.0', predict() {}"));
    expect(code).toBe(2);
    expect(stderr).toBe(
      'Error: "1.0" is not a semantic version (of module mine)\nWrite three numbers, for example 1.0.0\n',
    );
  });

  it('params.ts holds a value outside its own schema', async () => {
    const module = `import { defineModule, z } from 'ocrhub';
const schema = z.object({ share: z.number().min(0).max(1) });
export default defineModule({ name: 'x', version: '1.0.0', schema, params: { share: 3 }, predict: () => [] });
`;
    const { code, stderr, folder } = await refusal(packageFiles(module));
    expect(code).toBe(2);
    expect(stderr).toBe(`Error: params.ts of ${folder}: share is 3: expected a number from 0 to 1\n`);
  });
});

describe('install of a module that', () => {
  it('throws while loading is refused with the file and line of the throw', async () => {
    const module = `function licence(): never {\n  throw new RangeError('no licence');\n}\nlicence();\nexport default {};\n`;
    const { code, stderr, folder } = await refusal(packageFiles(module));
    const file = path.join(folder, 'module.ts');
    expect(code).toBe(5);
    expect(stderr).toBe(
      `Error: ${folder} cannot be loaded: RangeError: no licence\n    at licence (${file}:2:9)\n    at <anonymous> (${file}:4:1)\n`,
    );
  });

  it('ends its process while loading is refused with the exit code', async () => {
    const { code, stderr, folder } = await refusal(packageFiles('process.exit(3);\n'));
    expect(code).toBe(5);
    expect(stderr).toBe(`Error: ${folder} cannot be loaded: it ended its process while it was loaded (exit code 3)\n`);
  });

  it('is killed while loading is refused with the signal', async () => {
    const { code, stderr, folder } = await refusal(packageFiles("process.kill(process.pid, 'SIGKILL');\n"));
    expect(code).toBe(5);
    expect(stderr).toBe(`Error: ${folder} cannot be loaded: it ended its process while it was loaded (SIGKILL)\n`);
  });

  it('awaits a promise that never settles is refused', async () => {
    const { code, stderr } = await refusal(packageFiles('await new Promise(() => undefined);\nexport default {};\n'));
    expect(code).toBe(5);
    expect(stderr).toContain('it ended its process while it was loaded (exit code 13)');
  });

  it('prints while loading does not disturb --json', async () => {
    const home = await temporaryFolder();
    const module = `console.log('hello');\nconsole.error('hello');\n${wordModule('loud')}`;
    const folder = await writeFiles(await temporaryFolder(), packageFiles(module));
    expect(await ocrhubJson(home, ['install', folder])).toMatchObject({ name: 'loud' });
  });

  it.each([
    ['a blocked loop', 'for (;;);\n'],
    ['a timer', 'setInterval(() => undefined, 1000);\nawait new Promise(() => undefined);\n'],
  ])('hangs in %s is killed after the time limit and refused', async (_, module) => {
    const folder = await writeFiles(await temporaryFolder(), { 'bundle.mjs': module });
    await expect(inspectBundle(path.join(folder, 'bundle.mjs'), folder, 500)).rejects.toMatchObject({
      code: 'module_load_failed',
      message: `${folder} cannot be loaded: it was still loading after 0.5 s`,
    });
  });
});

it('a failed install leaves the installed module as it was', async () => {
  const home = await temporaryFolder();
  const folder = await writeFiles(await temporaryFolder(), packageFiles(wordModule('mine')));
  await ocrhub(home, ['install', folder]);
  const before = await ocrhubJson(home, ['list']);
  await writeFiles(folder, packageFiles('export default;'));
  expect((await ocrhub(home, ['install', folder])).code).toBe(5);
  expect(await ocrhubJson(home, ['list'])).toEqual(before);
});

it('an edited installed copy is reported as damaged; installing again repairs it', async () => {
  const home = await temporaryFolder();
  const { path: copy } = await ocrhubJson<{ path: string }>(home, ['install', 'ocr_det']);
  const params = path.join(copy, 'params.ts');
  await writeFile(params, (await readFile(params, 'utf8')).replace('960', '1280'));
  const started = await ocrhub(home, ['serving', 'start', '-m', 'ocr_det']);
  expect(started.code).toBe(5);
  expect(started.stderr).toContain(`its copy ${copy} was edited; edit your own folder and install that`);
  expect(await ocrhubJson(home, ['install', 'ocr_det'])).toMatchObject({ path: copy, replaced: true });
  expect(await ocrhubJson(home, ['list'])).toHaveLength(1);
  expect(await readFile(params, 'utf8')).toContain('960');
});

it('an installed copy without its bundle is repaired by installing again', async () => {
  const home = await temporaryFolder();
  const { path: copy } = await ocrhubJson<{ path: string }>(home, ['install', 'ocr_det']);
  await rm(path.join(copy, 'bundle.mjs'));
  const damaged = await ocrhub(home, ['list']);
  expect(damaged.code).toBe(5);
  expect(damaged.stderr).toContain('Fix it: ocrhub uninstall ocr_det==1.0.0, then install it again');
  expect((await ocrhub(home, ['uninstall', 'ocr_det==1.0.0'])).stdout).toBe('Uninstalled ocr_det 1.0.0\n');
  expect(await ocrhubJson(home, ['install', 'ocr_det'])).toMatchObject({ path: copy });
  expect(await ocrhubJson(home, ['list'])).toHaveLength(1);
});
