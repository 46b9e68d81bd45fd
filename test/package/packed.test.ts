import { execFile } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { packageVersion } from '../../src/runtime/package.js';
import { ocrhub, root, withoutVitest } from '../helpers/cli.js';
import { freePort, temporaryFolder, temporaryHome } from '../helpers/home.js';

const onWindows = process.platform === 'win32';

it('the packed tarball, installed into an empty folder, runs the guide', async () => {
  const folder = await temporaryFolder();
  const home = await temporaryHome();
  await installTarball(folder);
  const installation = path.join(folder, 'node_modules', 'ocrhub');
  const run = async (...args: string[]): Promise<string> => {
    const { code, stdout, stderr } = await ocrhub(home, args, { installation, cwd: folder });
    expect([args.join(' '), code, stderr]).toEqual([args.join(' '), 0, '']);
    return stdout;
  };
  const port = String(await freePort());
  const predict = (): Promise<string> =>
    run('predict', `http://127.0.0.1:${port}/predict/my_ocr`, path.join(root, 'test', 'fixtures', 'small.png'));

  await run('create', './my_ocr', '--from', 'ocr_system');
  expect(await run('install', './my_ocr')).toBe('Installed my_ocr 1.0.0\n');
  await run('serving', 'start', '-m', 'my_ocr', '-p', port);
  expect(await predict()).toContain('12345');
  await run('serving', 'stop', '-p', port);

  await edit(path.join(folder, 'my_ocr', 'params.ts'), 'drop_score: 0.5', 'drop_score: 1');
  expect(await run('uninstall', 'my_ocr')).toBe('Uninstalled my_ocr 1.0.0\n');
  expect(await run('install', './my_ocr')).toBe('Installed my_ocr 1.0.0\n');
  await run('serving', 'start', '-m', 'my_ocr', '-p', port);
  expect(await predict()).not.toContain('12345');
  await run('serving', 'stop', '-p', port);
}, 600_000);

/** Packs what `npm run build` made, and installs it as a user does. */
async function installTarball(folder: string): Promise<void> {
  // Not `prepack`: it would build dist/ under the other tests.
  await npm(root, ['pack', '--ignore-scripts', '--pack-destination', folder]);
  const [tarball] = (await readdir(folder)).filter((name) => name.endsWith('.tgz'));
  expect(tarball).toBeDefined();
  await writeFile(
    path.join(folder, 'package.json'),
    JSON.stringify({ private: true, overrides: { ocrhub: await lockedDependencies() } }),
  );
  await npm(folder, ['install', '--prefer-offline', '--no-audit', '--no-fund', `./${tarball ?? ''}`]);
  const bin = path.join(folder, 'node_modules', '.bin', onWindows ? 'ocrhub.cmd' : 'ocrhub');
  const { stdout } = await promisify(execFile)(bin, ['version'], { shell: onWindows });
  expect(stdout).toContain(packageVersion);
}

/** The versions in package-lock.json, which `npm ci` put into npm's cache: a newer release must not fail this test. */
async function lockedDependencies(): Promise<Record<string, string>> {
  const { packages } = JSON.parse(await readFile(path.join(root, 'package-lock.json'), 'utf8')) as Lock;
  const names = Object.keys(packages['']?.dependencies ?? {});
  return Object.fromEntries(names.map((name) => [name, packages[`node_modules/${name}`]?.version ?? '']));
}

interface Lock {
  readonly packages: Readonly<
    Record<string, { readonly version?: string; readonly dependencies?: Readonly<Record<string, string>> }>
  >;
}

async function npm(cwd: string, args: readonly string[]): Promise<void> {
  const env = { ...withoutVitest(process.env), ONNXRUNTIME_NODE_INSTALL: 'skip' };
  await promisify(execFile)(onWindows ? 'npm.cmd' : 'npm', [...args], { cwd, env, shell: onWindows });
}

async function edit(file: string, from: string, to: string): Promise<void> {
  const text = await readFile(file, 'utf8');
  expect(text).toContain(from);
  await writeFile(file, text.replace(from, to));
}
