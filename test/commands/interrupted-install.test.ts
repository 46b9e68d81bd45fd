import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { ocrhub, ocrhubJson, root } from '../helpers/cli.js';
import { packageFiles, wordModule, writeFiles } from '../helpers/files.js';
import { temporaryFolder } from '../helpers/home.js';
import { isRunning, until } from '../helpers/server.js';

interface Listed {
  readonly name: string;
  readonly hash: string;
}

function beginInstall(home: string, folder: string): ChildProcess {
  return spawn(process.execPath, [path.join(root, 'bin', 'run.js'), 'install', folder], {
    env: { ...process.env, OCRHUB_HOME: home },
    stdio: 'ignore',
  });
}

/** The hash that content gets, learnt in a home of its own. */
async function hashOf(folder: string): Promise<string> {
  return (await ocrhubJson<Listed>(await temporaryFolder(), ['install', folder])).hash;
}

it('an install killed at any moment leaves either the complete old copy or the complete new one', async () => {
  const home = await temporaryFolder();
  const folder = await writeFiles(await temporaryFolder(), packageFiles(wordModule('word')));
  let { hash: before } = await ocrhubJson<Listed>(home, ['install', folder]);
  for (let round = 0; round < 6; round++) {
    await writeFiles(folder, packageFiles(wordModule('word', { word: `round ${round}` })));
    const next = await hashOf(folder);
    const install = beginInstall(home, folder);
    const ended = once(install, 'exit');
    await sleep(Math.random() * 900);
    install.kill('SIGKILL');
    await ended;
    const listed = await ocrhubJson<Listed[]>(home, ['list']);
    expect(listed).toHaveLength(1);
    expect([before, next]).toContain(listed[0]?.hash);
    before = listed[0]?.hash ?? '';
  }
  expect(await ocrhubJson(home, ['install', folder])).toMatchObject({ name: 'word', replaced: true });
});

it('the process that inspects a hanging module ends when its install is killed', async () => {
  const home = await temporaryFolder();
  const trace = path.join(home, 'pid');
  const module = `import { writeFileSync } from 'node:fs';\nwriteFileSync('${trace}', String(process.pid));\nfor (;;);\n`;
  const install = beginInstall(home, await writeFiles(await temporaryFolder(), packageFiles(module)));
  const readTrace = (): Promise<string> => readFile(trace, 'utf8').catch(() => '');
  const pid = Number(await until('the module runs', readTrace, (text) => text !== ''));
  install.kill('SIGKILL');
  await until(
    'its process ends',
    () => Promise.resolve(isRunning(pid)),
    (running) => !running,
  );
  expect(await ocrhubJson(home, ['list'])).toEqual([]);
});

it('two simultaneous installs of one package both succeed', async () => {
  const home = await temporaryFolder();
  const folder = await writeFiles(await temporaryFolder(), packageFiles(wordModule('word')));
  const results = await Promise.all([ocrhub(home, ['install', folder]), ocrhub(home, ['install', folder])]);
  expect(results.map(({ code, stderr }) => [code, stderr])).toEqual([
    [0, ''],
    [0, ''],
  ]);
  expect(await ocrhubJson<Listed[]>(home, ['list'])).toMatchObject([{ name: 'word' }]);
});

it('simultaneous installs of different packages and an uninstall all succeed', async () => {
  const home = await temporaryFolder();
  await ocrhub(home, ['install', 'ocr_cls']);
  const results = await Promise.all([
    ocrhub(home, ['install', 'ocr_det']),
    ocrhub(home, ['install', 'ocr_rec']),
    ocrhub(home, ['uninstall', 'ocr_cls']),
  ]);
  expect(results.map(({ code }) => code)).toEqual([0, 0, 0]);
  expect((await ocrhubJson<Listed[]>(home, ['list'])).map(({ name }) => name)).toEqual(['ocr_det', 'ocr_rec']);
});

it('an unreadable state file does not prevent an install', async () => {
  const home = await temporaryFolder();
  await writeFiles(path.join(home, 'serving'), { '8866.json': 'garbage', '8867.json': '{"pid": 1, "port": 8867}' });
  expect(await ocrhubJson(home, ['install', 'ocr_det'])).toMatchObject({ name: 'ocr_det' });
});
