import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { root, withoutVitest } from '../helpers/cli.js';
import { freePort, removeHome, sharedHome } from '../helpers/home.js';
import { installModule } from '../helpers/module.js';
import { isRunning, until } from '../helpers/server.js';

let home = '';
beforeAll(async () => {
  home = await sharedHome();
  const gate = path.join(home, 'gate');
  await installModule(
    home,
    `name: 'slow', version: '1.0.0', entries: { empty: null, nested: false }, predict: ({ images }) => images.map(() => 1),`,
    `import { existsSync } from 'node:fs';\nif (existsSync(${JSON.stringify(gate)})) await new Promise((resolve) => setTimeout(resolve, 60_000));`,
  );
  await writeFile(gate, '');
});
afterAll(() => removeHome(home));

/** A server in the foreground that is still loading its module, and the id of its inference process. */
async function loading(): Promise<{ server: ChildProcess; worker: number; ended: Promise<unknown[]> }> {
  const port = await freePort();
  const args = [path.join(root, 'bin', 'run.js'), 'serving', 'start', '--foreground', '-m', 'slow', '-p', String(port)];
  const server = spawn(process.execPath, args, {
    env: { ...withoutVitest(process.env), OCRHUB_HOME: home, NO_COLOR: '1' },
    stdio: 'ignore',
  });
  const ended = once(server, 'exit');
  onTestFinished(() => void server.kill('SIGKILL'));
  const log = path.join(home, 'logs', `${port}.log`);
  const worker = await until(
    'its inference process runs',
    async () =>
      Number(
        /"pid":(\d+),"msg":"inference process started"/.exec(await readFile(log, 'utf8').catch(() => ''))?.[1] ?? 0,
      ),
    (pid) => pid > 0,
  );
  return { server, worker, ended };
}

describe('a server in the foreground that is stopped before it is ready', () => {
  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
    'ends with exit code 0 and its inference process at %s',
    async (signal) => {
      const { server, worker, ended } = await loading();
      server.kill(signal);
      expect(await ended).toEqual([0, null]);
      await until(
        'its inference process is gone',
        () => Promise.resolve(isRunning(worker)),
        (runs) => !runs,
      );
    },
  );
});
