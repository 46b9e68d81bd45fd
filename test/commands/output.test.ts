import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmod, copyFile, open, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ocrhubJson, root, withoutVitest } from '../helpers/cli.js';
import { packageFiles, wordModule, writeFiles } from '../helpers/files.js';
import { freePort, temporaryFolder, temporaryHome } from '../helpers/home.js';
import { send } from '../helpers/http.js';
import { startServer, until } from '../helpers/server.js';

const isLinuxRoot = process.platform === 'linux' && process.getuid?.() === 0;
const run = path.join(root, 'bin', 'run.js');

const picture = path.join(root, 'test', 'fixtures', 'line.png');
const printing = [['list'], ['list', '--json'], ['--help'], ['run', picture], ['run', picture, '--json']];

it.skipIf(process.platform !== 'linux').each(printing.map((args) => [args]))(
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

it.each([
  [['run', picture, '-f', 'text', '-o', '-']],
  [['predict', 'http://127.0.0.1:9/predict/ocr_system', picture, '-f', 'jsonl', '-o', '-']],
  [['batch', 'merge', 'out', '-o', '-']],
  [['convert', '--rec', 'x.onnx', '--name', 'x', '--output', '-']],
])('ocrhub %j refuses to write a file of the name -', async (args) => {
  const cwd = await temporaryFolder();
  const env = { ...withoutVitest(process.env), OCRHUB_HOME: await temporaryFolder() };
  const result = spawnSync(process.execPath, [run, ...args], { cwd, env });
  expect(result.status).toBe(2);
  expect(String(result.stderr)).toContain('- names no place. Leave out the flag for the default, or name a file: ./-');
  expect(await readdir(cwd)).toEqual([]);
});

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

describe('a command whose reader has gone', () => {
  /** Starts a command, waits for its first output, closes the pipe, and returns how it ended. */
  async function endOf(
    home: string,
    args: readonly string[],
    afterFirst: () => Promise<void> = () => Promise.resolve(),
  ) {
    const env = { ...withoutVitest(process.env), OCRHUB_HOME: home };
    const child = spawn(process.execPath, [run, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    onTestFinished(() => void child.kill('SIGKILL'));
    const errors = text(child.stderr);
    const exit = once(child, 'exit') as Promise<[number | null, string | null]>;
    await once(child.stdout, 'data');
    child.stdout.destroy();
    await afterFirst();
    const [code, signal] = await exit;
    return { code, signal, stderr: await errors };
  }

  it('ends while it follows a log, watches a server, or reads many files', async () => {
    const home = await temporaryHome();
    const pictures = await temporaryFolder();
    for (let i = 0; i < 100; i++)
      await copyFile(path.join(root, 'test/fixtures/line.png'), path.join(pictures, `${i}.png`));
    await ocrhubJson(home, ['install', 'ocr_rec']);
    const server = await startServer(home, { flags: ['-m', 'ocr_rec'] });
    const port = ['-p', String(server.port)];
    const more = async () => {
      // The next line of the log finds the reader gone.
      for (let i = 0; i < 3; i++) await send(`${server.url}/predict/nope`, { method: 'POST', body: '{}' });
    };
    const quiet = { code: 0, signal: null, stderr: '' };
    expect(await endOf(home, ['serving', 'logs', ...port, '-f'], more)).toEqual(quiet);
    expect(await endOf(home, ['serving', 'status', ...port, '--watch'])).toEqual(quiet);
    expect(await endOf(home, ['predict', `${server.url}/predict/ocr_rec`, pictures])).toEqual(quiet);
    expect(await endOf(home, ['run', 'ocr_rec', pictures])).toEqual(quiet);
    const batch = await endOf(home, ['batch', pictures, path.join(home, 'out'), '-m', 'ocr_rec', '--json']);
    expect(batch).toMatchObject({ code: 141, signal: null });
  });

  it.runIf(process.platform === 'linux')(
    'ends although nothing is printed any more, and a follower tells that the server has ended (Linux: pipes tell it)',
    async () => {
      const home = await temporaryHome();
      const word = await writeFiles(path.join(home, 'word'), packageFiles(wordModule('word')));
      const server = await startServer(home, { flags: ['-m', word] });
      const env = { ...withoutVitest(process.env), OCRHUB_HOME: home };
      const follow = `"${process.execPath}" "${run}" serving logs -p ${server.port} -f`;
      for (const command of [follow, `"${process.execPath}" "${run}" serving status -p ${server.port} --watch`]) {
        const quiet = spawn('sh', ['-c', `${command} | head -n 1`], { env, stdio: 'ignore' });
        onTestFinished(() => void quiet.kill('SIGKILL'));
        expect(await once(quiet, 'exit')).toEqual([0, null]);
      }
      const follower = spawn(process.execPath, [run, 'serving', 'logs', '-p', String(server.port), '-f'], { env });
      onTestFinished(() => void follower.kill('SIGKILL'));
      let errors = '';
      follower.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
      await once(follower.stdout, 'data');
      const told = (words: string) =>
        until(
          words,
          () => Promise.resolve(errors),
          (all) => all.includes(words),
        );
      await sleep(2500);
      await ocrhubJson(home, ['serving', 'stop', '-p', String(server.port)]);
      await told(`The server on port ${server.port} has ended`);
      await rm(path.join(home, 'logs', `${server.port}.log`));
      await told('was moved or removed');
      expect(errors.trim().split('\n')).toHaveLength(2);
    },
  );
});

it.skipIf(process.platform !== 'linux')('a server in the foreground serves although its output is full', async () => {
  const home = await temporaryHome();
  await ocrhubJson(home, ['install', 'ocr_rec']);
  const port = await freePort();
  const full = await open('/dev/full', 'w');
  const child = spawn(
    process.execPath,
    [run, 'serving', 'start', '--foreground', '-m', 'ocr_rec', '-p', String(port)],
    {
      env: { ...withoutVitest(process.env), OCRHUB_HOME: home },
      stdio: ['ignore', full.fd, full.fd],
    },
  );
  onTestFinished(() => void child.kill('SIGKILL'));
  await full.close();
  const url = `http://127.0.0.1:${port}`;
  const ready = () =>
    send(`${url}/health/ready`).then(
      ({ http }) => http,
      () => 0,
    );
  expect(await until('the server is ready', ready, (http) => http === 200)).toBe(200);
  expect((await send(`${url}/predict/nope`, { method: 'POST', body: '{}' })).http).toBe(404);
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
});

it.skipIf(process.platform !== 'linux')('a diagnostic that cannot be written does not hide the exit code', async () => {
  const full = await open('/dev/full', 'w');
  const env = { ...withoutVitest(process.env), OCRHUB_HOME: await temporaryFolder() };
  const result = spawnSync(process.execPath, [run, 'show', 'nothing'], { env, stdio: ['ignore', full.fd, full.fd] });
  await full.close();
  expect([result.status, result.signal]).toEqual([3, null]);
});
