import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ocrhub, ocrhubJson } from '../helpers/cli.js';
import { namesIn, packageFiles, wordModule, writeFiles } from '../helpers/files.js';
import { freePort, removeHome, sharedHome, temporaryFolder } from '../helpers/home.js';
import { opened } from '../helpers/http.js';
import { fixture } from '../helpers/pictures.js';
import { health, predict, until } from '../helpers/server.js';

/* What `serving start` and `serving stop` print and take, with modules that load at once. */

interface Started {
  readonly port: number;
  readonly pid: number;
  readonly host: string;
  readonly url: string;
  readonly modules: readonly { readonly name: string; readonly version: string }[];
  readonly logFile: string;
}

let home: string;
let port: string;

beforeAll(async () => {
  home = await sharedHome();
  for (const [name, version] of [
    ['word', '1.0.0'],
    ['word', '1.2.0'],
    ['other', '1.0.0'],
  ] as const) {
    const module = wordModule(name, { version, word: `${name} ${version}` });
    await ocrhub(home, ['install', await writeFiles(path.join(home, 'src', name, version), packageFiles(module))]);
  }
});

afterAll(() => removeHome(home));

beforeEach(async () => {
  port = String(await freePort());
});

const start = (...args: string[]): Promise<Started> => ocrhubJson<Started>(home, ['serving', 'start', ...args]);
const stop = (of: string): Promise<unknown> => ocrhubJson(home, ['serving', 'stop', '-p', of]);

async function configFile(content: object): Promise<string> {
  const file = path.join(await temporaryFolder(), 'config.json');
  await writeFile(file, JSON.stringify(content));
  return file;
}

it('start prints the address, modules, log and stop command; stop prints what it stopped', async () => {
  const { code, stdout, stderr } = await ocrhub(home, ['serving', 'start', '-m', 'word', '-p', port]);
  expect([code, stderr]).toEqual([0, '']);
  const pid = /pid (\d+)/.exec(stdout)?.[1] ?? '';
  expect(stdout).toBe(
    `Serving on http://127.0.0.1:${port}, pid ${pid}\n  POST http://127.0.0.1:${port}/predict/word  (version 1.2.0)\nPage: http://127.0.0.1:${port}/ui/\nLog: ${path.join(home, 'logs', `${port}.log`)}\nStop: ocrhub serving stop -p ${port}\n`,
  );
  const stopped = await ocrhub(home, ['serving', 'stop', '-p', port]);
  expect(stopped).toEqual({ code: 0, stdout: `Stopped the server on port ${port} (pid ${pid})\n`, stderr: '' });
  expect(await namesIn(path.join(home, 'serving'))).toEqual([]);
});

describe.skipIf(process.platform !== 'linux')('start --open', () => {
  async function openWith(env: NodeJS.ProcessEnv, ...more: string[]) {
    // Without the browsers of this machine, the one in BROWSER is opened.
    const none = await temporaryFolder();
    const noDesktop = { XDG_DATA_DIRS: none, XDG_DATA_HOME: none, XDG_CONFIG_DIRS: none, XDG_CONFIG_HOME: none };
    const noDisplay = { DISPLAY: '', WAYLAND_DISPLAY: '', WSL_DISTRO_NAME: '' };
    const args = ['serving', 'start', '-m', 'word', '-p', port, '--open', ...more];
    return ocrhub(home, args, { env: { ...noDesktop, ...noDisplay, ...env } });
  }

  it('opens the page in the browser that the system is set to', async () => {
    const folder = await temporaryFolder();
    const [browser, opened] = [path.join(folder, 'browser'), path.join(folder, 'opened')];
    await writeFile(browser, `#!/bin/sh\nprintf %s "$1" > ${opened}\n`, { mode: 0o755 });
    const { code, stderr } = await openWith({ DISPLAY: ':99', BROWSER: browser });
    expect([code, stderr]).toEqual([0, '']);
    const address = await until('the browser is called', () => readFile(opened, 'utf8').catch(() => ''), Boolean);
    expect(address).toBe(`http://127.0.0.1:${port}/ui/`);
    await stop(port);
  });

  it('says so where there is no display, and serves', async () => {
    const { code, stdout, stderr } = await openWith({});
    expect([code, stderr]).toEqual([
      0,
      `There is no display to open a browser on. Open http://127.0.0.1:${port}/ui/ yourself\n`,
    ]);
    expect(stdout).toContain(`Page: http://127.0.0.1:${port}/ui/\n`);
    await stop(port);
  });

  it('says so where no browser can be opened, and serves', async () => {
    const { code, stderr } = await openWith({ DISPLAY: ':99', BROWSER: '/no/such/browser' });
    expect([code, stderr]).toEqual([
      0,
      `No browser was opened: its launcher exited with 3. Open http://127.0.0.1:${port}/ui/ yourself\n`,
    ]);
    await stop(port);
  });

  it('is refused with --no_ui, and says so where a config file switches the page off', async () => {
    expect(await openWith({}, '--no_ui')).toMatchObject({ code: 2 });
    const config = await configFile({ modules_info: { word: {} }, port: Number(port), no_ui: true });
    const { stdout, stderr } = await openWith({}, '-c', config);
    expect(stdout).not.toContain('Page:');
    expect(stderr).toContain('This server has no page: no_ui, or no protocol hubserving\n');
    await stop(port);
  });
});

it('start with several modules, and stop, print objects with --json', async () => {
  const started = await start('-m', 'word==1.0.0', 'other', '-p', port);
  expect(started).toMatchObject({
    port: Number(port),
    host: '127.0.0.1',
    url: `http://127.0.0.1:${port}`,
    logFile: path.join(home, 'logs', `${port}.log`),
  });
  expect(started.modules).toMatchObject([
    { name: 'word', version: '1.0.0' },
    { name: 'other', version: '1.0.0' },
  ]);
  expect(await health(started)).toMatchObject({ status: 'ready', pid: started.pid });
  const answer = opened(await predict(started, 'word', { images: [fixture('pixel.png')] }));
  expect(answer).toMatchObject({ http: 200, msg: '', results: ['word 1.0.0'], status: '000' });
  await readFile(started.logFile, 'utf8');
  expect(await stop(port)).toMatchObject({ port: Number(port), pid: started.pid, stopped: true });
});

it('start accepts comma-separated modules, kebab-case flags and --workers; a second start on the port is refused', async () => {
  const started = await start(
    '-m',
    'word,other',
    '-p',
    port,
    '--use-multiprocess',
    '--workers',
    '2',
    '--max-queue',
    '3',
  );
  expect(started.modules.map(({ name }) => name)).toEqual(['word', 'other']);

  const second = await ocrhub(home, ['serving', 'start', '-m', 'word', '-p', port]);
  expect(second).toEqual({
    code: 4,
    stdout: '',
    stderr: `Error: Port ${port} is already in use by the ocrhub server with pid ${started.pid} (word, other)\nStop it: ocrhub serving stop -p ${port}, or choose another port with --port.\n`,
  });
  expect((await health(started)).status).toBe('ready');
  expect(await ocrhubJson(home, ['serving', 'stop', '--all'])).toMatchObject([{ port: Number(port), stopped: true }]);
});

it("start accepts the config file of HubServing's guide and names the flags that it overrides, unchecked", async () => {
  const config = {
    modules_info: { word: { init_args: { version: '1.0.0', use_gpu: false }, predict_args: {} } },
    port: Number(port),
    use_multiprocess: false,
    workers: 2,
  };
  const file = await configFile(config);
  const args = ['-m', 'other', '-p', '1', '--workers', '0', '--use_multiprocess', '--timeout', '30'];
  const { code, stdout, stderr } = await ocrhub(home, ['serving', 'start', '-c', file, ...args, '--json']);
  expect(code).toBe(0);
  expect(stderr).toBe(
    ['modules', 'port', 'use_multiprocess', 'workers']
      .map((flag) => `--${flag} is ignored: ${file} decides it\n`)
      .join(''),
  );
  expect(JSON.parse(stdout)).toMatchObject({ port: Number(port), modules: [{ name: 'word', version: '1.0.0' }] });
  await stop(port);
});

it('start accepts its other flags beside a config file and as keys in it', async () => {
  const file = await configFile({ modules_info: { word: {} }, port: Number(port), host: '127.0.0.1', max_queue: 7 });
  const started = await start('-c', file, '--timeout', '12');
  const state = JSON.parse(await readFile(path.join(home, 'serving', `${port}.json`), 'utf8')) as object;
  expect(state).toMatchObject({
    pid: started.pid,
    options: { maxQueue: 7, timeout: 12, workers: expect.any(Number) as number },
  });
  await stop(port);
});

interface Status {
  readonly servers: readonly {
    readonly modules: readonly { readonly route: string; readonly changed: boolean; readonly installed: boolean }[];
  }[];
}

it('status marks modules that were changed or uninstalled since the start, but not one served from a folder', async () => {
  const own = await sharedHome();
  try {
    const source = path.join(own, 'src');
    const install = async (name: string, word: string): Promise<string> => {
      const folder = await writeFiles(path.join(source, name), packageFiles(wordModule(name, { word })));
      await ocrhubJson(own, ['install', folder]);
      return folder;
    };
    for (const name of ['same', 'changed', 'gone']) await install(name, 'before');
    const folder = await writeFiles(path.join(source, 'folder'), packageFiles(wordModule('folder')));
    await ocrhubJson(own, ['serving', 'start', '-m', 'same', 'changed', 'gone', folder, '-p', port]);
    await install('changed', 'after');
    await ocrhubJson(own, ['uninstall', 'gone']);

    const { servers } = await ocrhubJson<Status>(own, ['serving', 'status']);
    expect(servers[0]?.modules.map(({ route, changed, installed }) => [route, changed, installed])).toEqual([
      ['same', false, true],
      ['changed', true, true],
      ['gone', true, false],
      ['folder', false, true],
    ]);
    const { stdout } = await ocrhub(own, ['serving', 'status']);
    expect(stdout).toMatch(/^ {2}same 1\.0\.0 \(\w+\)$/m);
    expect(stdout).toMatch(/^ {2}gone 1\.0\.0 \(\w+\) {2}uninstalled since start$/m);
    // Without the module a restart fails.
    expect(stdout).not.toContain('serving restart');
  } finally {
    await removeHome(own);
  }
});

it('logs prints lines unchanged, including a truncated one, which --json prints as text', async () => {
  const folder = await temporaryFolder();
  await writeFiles(path.join(folder, 'logs'), { '8866.log': '{"msg":"a"}\n{"msg":"b"}\n{"ms' });
  const args = ['serving', 'logs', '-p', '8866'];
  expect(await ocrhub(folder, args)).toEqual({ code: 0, stdout: '{"msg":"a"}\n{"msg":"b"}\n{"ms\n', stderr: '' });
  expect(await ocrhubJson(folder, [...args, '-n', '2'])).toEqual([{ msg: 'b' }, '{"ms']);
  expect(await ocrhubJson(folder, [...args, '-n', '0'])).toEqual([]);
});
