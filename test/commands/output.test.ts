import { spawn, spawnSync } from 'node:child_process';
import { chmod, open } from 'node:fs/promises';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { root, withoutVitest } from '../helpers/cli.js';
import { temporaryFolder } from '../helpers/home.js';

const isLinuxRoot = process.platform === 'linux' && process.getuid?.() === 0;
const run = path.join(root, 'bin', 'run.js');

it.skipIf(process.platform !== 'linux').each([[['list']], [['list', '--json']], [['--help']]])(
  'ocrhub %j > FILE on a full disk names the error',
  async (args) => {
    const full = await open('/dev/full', 'w');
    const env = { ...withoutVitest(process.env), OCRHUB_HOME: await temporaryFolder() };
    const result = spawnSync(process.execPath, [run, ...args], { env, stdio: ['ignore', full.fd, 'pipe'] });
    await full.close();
    expect([result.status, String(result.stderr)]).toEqual([
      5,
      'Error: The output cannot be written: ENOSPC: no space left on device, write\nRedirect it to a file on a disk with free space.\n',
    ]);
  },
);

it.skipIf(!isLinuxRoot)('a user without an entry in /etc/passwd can run commands', async () => {
  const home = await temporaryFolder();
  await chmod(home, 0o755);
  const start = (args: string[], env: NodeJS.ProcessEnv) =>
    spawn(process.execPath, [run, ...args], { env, uid: 54321, gid: 54321, stdio: ['ignore', 'pipe', 'pipe'] });
  const list = start(['list'], { OCRHUB_HOME: home });
  expect([await text(list.stdout), await text(list.stderr)]).toEqual([
    'No module is installed. Install one: ocrhub install ocr_system\n',
    '',
  ]);
  const withHome = start(['list'], { OCRHUB_HOME: home, HOME: '/' });
  expect(await text(withHome.stderr)).toBe('');
  const install = start(['install', 'ocr_det'], {});
  expect(await text(install.stderr)).toMatch(/^Error: The home folder of ocrhub, \/\.ocrhub, cannot be used: /);
});
