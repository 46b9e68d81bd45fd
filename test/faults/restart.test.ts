import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Health } from '../../src/runtime/service/contract.js';
import type { ServerState } from '../../src/runtime/servers/state/server-state.js';
import { ocrhub, ocrhubJson } from '../helpers/cli.js';
import { writeFiles } from '../helpers/files.js';
import { removeHome, sharedHome, temporaryFolder } from '../helpers/home.js';
import { opened } from '../helpers/http.js';
import { installModule } from '../helpers/module.js';
import { whitePng } from '../helpers/pictures.js';
import { health, predict, startServer, untilHealth, type TestServer } from '../helpers/server.js';

let home = '';
let image = '';
beforeAll(async () => {
  home = await sharedHome();
  image = await whitePng(10);
});
afterAll(() => removeHome(home));

/** Installs a module that answers the name of its edition after 30 ms. */
function installEdition(edition: string, version = '1.0.0', initialize = ''): Promise<void> {
  return installModule(
    home,
    `name: 'edition', version: '${version}', entries: { empty: null, nested: false },
     ${initialize}
     async predict({ images }) {
       await new Promise((resolve) => setTimeout(resolve, 30));
       return images.map(() => '${edition}');
     },`,
  );
}

interface Load {
  /** Ends the clients and returns the answer to each request: an edition, or the error. */
  stop(): Promise<string[]>;
}

/** Starts four clients that send one request after another. With `retry` they repeat refused connections. */
function startLoad(server: TestServer, retry: boolean): Load {
  let running = true;
  const got: string[] = [];
  async function client(): Promise<void> {
    while (running) got.push(await askOnce());
  }
  async function askOnce(): Promise<string> {
    for (;;) {
      try {
        const { http, results, msg } = opened<string[]>(await predict(server, 'edition', { images: [image] }));
        if (http === 503 && retry) await sleep(20);
        else return http === 200 ? (results[0] ?? 'nothing') : `${http} ${msg}`;
      } catch (error) {
        if (!retry || !/ECONNREFUSED|ECONNRESET/.test(String(error))) return String(error);
        await sleep(20);
      }
    }
  }
  const clients = Promise.all([client(), client(), client(), client()]);
  return {
    async stop() {
      running = false;
      await clients;
      return got;
    },
  };
}

it('a restart under load refuses no request and serves the newly installed module from the same server process', async () => {
  await installEdition('first');
  const server = await startServer(home, { flags: ['-m', 'edition'] });
  const load = startLoad(server, false);
  await sleep(300);
  await installEdition('second');
  const restarted = await ocrhubJson<{ pid: number; cold: boolean }>(home, [
    'serving',
    'restart',
    '-p',
    String(server.port),
  ]);
  await sleep(300);
  const got = await load.stop();

  expect(new Set(got)).toEqual(new Set(['first', 'second']));
  expect(got.at(-1)).toBe('second');
  expect(restarted).toMatchObject({ pid: server.pid, cold: false });
});

it('a server that ocrhub 0.1.0 started is replaced by a new process, because its files have moved', async () => {
  await installEdition('one');
  const server = await startServer(home, { flags: ['-m', 'edition'] });
  const file = path.join(home, 'serving', `${server.port}.json`);
  const state = JSON.parse(await readFile(file, 'utf8')) as ServerState;
  await writeFile(file, JSON.stringify({ ...state, version: '0.1.0' }));
  const restarted = await ocrhubJson<{ pid: number; cold: boolean }>(home, [
    'serving',
    'restart',
    '-p',
    String(server.port),
  ]);
  expect(restarted.cold).toBe(true);
  expect(restarted.pid).not.toBe(server.pid);
});

it('clients that retry refused connections lose no request in a cold restart', async () => {
  await installEdition('first');
  const server = await startServer(home, { flags: ['-m', 'edition', '--max_queue', '7'] });
  const load = startLoad(server, true);
  await sleep(300);
  await installEdition('second');
  const flags = ['serving', 'restart', '--cold', '-p', String(server.port)];
  const restarted = await ocrhubJson<{ pid: number; cold: boolean }>(home, flags);
  await sleep(300);
  const got = await load.stop();

  expect(new Set(got)).toEqual(new Set(['first', 'second']));
  expect(got.at(-1)).toBe('second');
  expect(restarted.cold).toBe(true);
  expect(restarted.pid).not.toBe(server.pid);
});

it('a restart serves the newest version, except for modules that were requested with a version', async () => {
  await installEdition('old', '1.0.0');
  const server = await startServer(home, { flags: ['-m', 'edition', 'pinned=edition==1.0.0'] });
  await installEdition('new', '1.1.0');
  await ocrhubJson(home, ['serving', 'restart', '-p', String(server.port)]);

  expect((await health(server)).modules).toMatchObject([
    { route: 'edition', version: '1.1.0' },
    { route: 'pinned', version: '1.0.0' },
  ]);
  expect(opened(await predict(server, 'edition', { images: [image] })).results).toEqual(['new']);
  expect(opened(await predict(server, 'pinned', { images: [image] })).results).toEqual(['old']);
  await ocrhubJson(home, ['uninstall', 'edition==1.1.0']);
});

it('a restart whose new code cannot be loaded says why, and the old code is still served', async () => {
  await installEdition('good');
  const server = await startServer(home, { flags: ['-m', 'edition'] });
  await installEdition('bad', '1.0.0', `initialize: () => { throw new Error('no licence'); },`);
  const { code, stderr } = await ocrhub(home, ['serving', 'restart', '-p', String(server.port)]);

  expect(code).toBe(5);
  expect(stderr).toContain('Module edition cannot be started: no licence');
  expect(opened(await predict(server, 'edition', { images: [image] })).results).toEqual(['good']);
  expect((await health(server)).status).toBe('ready');
});

it('status reports a changed installed copy until a restart', async () => {
  await installEdition('one');
  const server = await startServer(home, { flags: ['-m', 'edition'] });
  const changed = async (): Promise<unknown> => {
    const flags = ['serving', 'status', '-p', String(server.port)];
    const { servers } = await ocrhubJson<{ servers: { modules: { changed: boolean }[] }[] }>(home, flags);
    return servers[0]?.modules[0]?.changed;
  };
  expect(await changed()).toBe(false);
  await installEdition('two');
  expect(await changed()).toBe(true);
  await ocrhubJson(home, ['serving', 'restart', '-p', String(server.port)]);
  expect(await changed()).toBe(false);
});

it('a server whose log folder was deleted continues', async () => {
  await installEdition('only');
  const server = await startServer(home, { flags: ['-m', 'edition'] });
  await rm(path.join(home, 'logs'), { recursive: true });
  for (let i = 0; i < 20; i++) {
    expect(opened(await predict(server, 'edition', { images: [image] })).results).toEqual(['only']);
  }
});

/** Installs a module that answers the content of word.txt in its working directory, which it reads when it is loaded. */
function installReader(): Promise<void> {
  return installModule(
    home,
    `name: 'reader', version: '1.0.0', entries: { empty: null, nested: false },
     initialize: () => readFileSync('word.txt', 'utf8'),
     predict: ({ images }, word) => images.map(() => word),`,
    "import { readFileSync } from 'node:fs';",
  );
}

it('relative paths keep the meaning of the start, whatever the working directory of the restart', async () => {
  await installReader();
  const folder = await writeFiles(await temporaryFolder(), { 'word.txt': 'here' });
  const relative = { OCRHUB_HOME: path.relative(folder, home) };
  const server = await startServer(home, { flags: ['-m', 'reader'], cwd: folder, env: relative });
  for (const flags of [[], ['--cold']]) {
    const elsewhere = await temporaryFolder();
    const env = { OCRHUB_HOME: path.relative(elsewhere, home) };
    const command = ['serving', 'restart', '-p', String(server.port), ...flags];
    expect(await ocrhub(home, command, { cwd: elsewhere, env })).toMatchObject({ code: 0, stderr: '' });
    expect(opened(await predict(server, 'reader', { images: [image] })).results).toEqual(['here']);
  }
});

it('modules keep the environment of the start, until a cold restart brings that of its command', async () => {
  const body = `entries: { empty: null, nested: false }, predict: ({ images }) => images.map(() => process.env.MY_SECRET),`;
  await installModule(home, `name: 'secret', version: '1.0.0', ${body}`);
  const server = await startServer(home, { flags: ['-m', 'secret'], env: { MY_SECRET: 'one' } });
  for (const [flags, word] of [
    [[], 'one'],
    [['--cold'], 'two'],
    [[], 'two'],
  ] as const) {
    const command = ['serving', 'restart', '-p', String(server.port), ...flags];
    expect(await ocrhub(home, command, { env: { MY_SECRET: word === 'one' ? 'two' : word } })).toMatchObject({
      code: 0,
    });
    expect(opened(await predict(server, 'secret', { images: [image] })).results).toEqual([word]);
  }
});

it('a server whose working directory was deleted can restart its processes and be restarted', async () => {
  // Opening a model reads the working directory.
  await installEdition('only', '1.0.0', 'initialize: () => process.cwd(),');
  const folder = await temporaryFolder();
  const server = await startServer(home, { flags: ['-m', 'edition'], cwd: folder });
  await rm(folder, { recursive: true });
  const [{ pid } = { pid: 0 }] = (await health(server)).processes;
  process.kill(pid, 'SIGKILL');
  const renewed = ({ status, processes }: Health): boolean =>
    status === 'ready' && processes.every((p) => p.pid !== pid);
  await untilHealth(server, 'another process has loaded the modules', renewed);
  await ocrhubJson(home, ['serving', 'restart', '-p', String(server.port)]);
  await ocrhubJson(home, ['serving', 'restart', '--cold', '-p', String(server.port)]);
  expect(opened(await predict(server, 'edition', { images: [image] })).results).toEqual(['only']);
});

describe('a server with a state file of another version', () => {
  /** Changes the options in the state file as another version of ocrhub might have written them. */
  async function rewriteOptions({ port }: TestServer, change: Readonly<Record<string, unknown>>): Promise<void> {
    const file = path.join(home, 'serving', `${port}.json`);
    const state = JSON.parse(await readFile(file, 'utf8')) as ServerState;
    await writeFile(file, JSON.stringify({ ...state, options: { ...state.options, ...change } }));
  }

  it('is restarted with the default of a missing option', async () => {
    await installEdition('only');
    const server = await startServer(home, { flags: ['-m', 'edition', '--max_queue', '7'] });
    await rewriteOptions(server, { maxMemory: undefined, httpStatus200: undefined });
    await ocrhubJson(home, ['serving', 'restart', '--cold', '-p', String(server.port)]);
    const state = JSON.parse(await readFile(path.join(home, 'serving', `${server.port}.json`), 'utf8')) as ServerState;
    expect(state.options).toMatchObject({ maxMemory: 1536 * 1024 ** 2, httpStatus200: false, maxQueue: 7 });
  });

  it('continues if an option is invalid', async () => {
    await installEdition('only');
    const server = await startServer(home, { flags: ['-m', 'edition'] });
    await rewriteOptions(server, { maxQueue: -1 });
    const command = ['serving', 'restart', '--cold', '-p', String(server.port)];
    expect(await ocrhubJson(home, command, 2)).toMatchObject({
      error: {
        code: 'value_invalid',
        message: `the options of the server on port ${server.port}: maxQueue is -1: expected an integer from 0 to 100000`,
      },
    });
    expect((await health(server)).pid).toBe(server.pid);
  });
});
