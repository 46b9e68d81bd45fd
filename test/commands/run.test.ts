import { rm } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { ocrhub, ocrhubJson } from '../helpers/cli.js';
import { packageFiles, wordModule, writeFiles } from '../helpers/files.js';
import { temporaryFolder } from '../helpers/home.js';

it('runs an installed module also where the link to ocrhub is gone', async () => {
  const home = await temporaryFolder();
  const files = packageFiles(wordModule('word', { word: 'hello' }));
  await ocrhubJson(home, ['install', await writeFiles(await temporaryFolder(), files)]);
  await rm(path.join(home, 'node_modules'), { recursive: true });
  const { code, stdout, stderr } = await ocrhub(home, ['run', 'word', path.join('test', 'fixtures', 'pixel.png')]);
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toContain('hello');
});
