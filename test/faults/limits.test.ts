import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root, withoutVitest } from '../helpers/cli.js';
import { freePort, removeHome, sharedHome } from '../helpers/home.js';
import { installProbe } from '../helpers/module.js';
import { whitePng } from '../helpers/pictures.js';
import { predict, startServer, until, untilHealth } from '../helpers/server.js';

let home = '';
let image = '';
beforeAll(async () => {
  home = await sharedHome();
  image = await whitePng(10);
  await installProbe(home);
});
afterAll(() => removeHome(home));

describe.runIf(process.platform === 'linux')('with a limit of open files', () => {
  const start = (limit: number, port: number) => {
    const args = [path.join(root, 'bin', 'run.js'), 'serving', 'start', '-m', 'probe', '-p', String(port)];
    return spawnSync('/bin/bash', ['-c', `ulimit -n ${limit} && exec "$0" "$@"`, process.execPath, ...args], {
      encoding: 'utf8',
      env: { ...withoutVitest(process.env), OCRHUB_HOME: home, NO_COLOR: '1' },
    });
  };

  it.each([32, 64, 127])('of %i, a command says so and what to do', async (limit) => {
    const { status, stderr, stdout } = start(limit, await freePort());
    expect({ status, stderr, stdout }).toEqual({
      status: 5,
      stderr: `Error: this process may have ${limit} files open, and ocrhub needs 128\nRaise the limit: ulimit -n 1024\n`,
      stdout: '',
    });
  });

  it('of 128, a server starts and answers 20 requests at once', async () => {
    const port = await freePort();
    expect(start(128, port).status).toBe(0);
    const url = `http://127.0.0.1:${port}`;
    const ask = () =>
      until(
        'an answer',
        () => predict({ url }, 'probe', { images: [image] }),
        ({ http }) => http !== 429,
      );
    const answers = await Promise.all(Array.from({ length: 20 }, ask));
    expect(answers.map(({ http }) => http)).toEqual(Array(20).fill(200));
  });
});

describe('a process that stands still for longer than the deadline', () => {
  it('answers what was sent meanwhile when the server goes on', async () => {
    const server = await startServer(home, { flags: ['-m', 'probe', '--timeout', '2'] });
    process.kill(server.pid, 'SIGSTOP');
    const sent = predict(server, 'probe', { images: [image] });
    await new Promise((resolve) => setTimeout(resolve, 4000));
    process.kill(server.pid, 'SIGCONT');
    expect((await sent).http).toBe(200);
    expect((await predict(server, 'probe', { images: [image] })).http).toBe(200);
  });

  it('is replaced if it is an inference process, whose request misses its deadline', async () => {
    const server = await startServer(home, { flags: ['-m', 'probe', '--timeout', '2'] });
    const { processes } = await untilHealth(server, 'ready', ({ status }) => status === 'ready');
    const pid = processes[0]?.pid ?? NaN;
    process.kill(pid, 'SIGSTOP');
    expect((await predict(server, 'probe', { images: [image] })).http).toBe(504);
    await until(
      'another process answers',
      () => predict(server, 'probe', { images: [image] }),
      ({ http }) => http === 200,
    );
    const { processes: now } = await untilHealth(server, 'ready', ({ status }) => status === 'ready');
    expect(now.map((process) => process.pid)).not.toContain(pid);
  });
});
