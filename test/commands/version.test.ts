import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { ocrhub, ocrhubJson, root } from '../helpers/cli.js';
import { temporaryFolder } from '../helpers/home.js';

async function versionOf(folder: string): Promise<string> {
  return (JSON.parse(await readFile(path.join(root, folder, 'package.json'), 'utf8')) as { version: string }).version;
}

it('version prints the versions of ocrhub, Node and the engine, and the platform', async () => {
  expect(await ocrhubJson(await temporaryFolder(), ['version'])).toEqual({
    ocrhub: await versionOf('.'),
    node: process.versions.node,
    platform: `${process.platform}-${process.arch}`,
    onnxruntime: await versionOf('node_modules/onnxruntime-node'),
  });
});

it('--version prints the same as version', async () => {
  const home = await temporaryFolder();
  const version = await ocrhub(home, ['version']);
  expect(version).toMatchObject({ code: 0, stderr: '' });
  expect(version.stdout).toMatch(/^ocrhub {7}\d+\.\d+\.\d+\nnode .*\nplatform .*\nonnxruntime {2}\d+\.\d+\.\d+\n$/);
  expect(await ocrhub(home, ['--version'])).toEqual(version);
});
