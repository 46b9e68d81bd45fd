import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ocrhub, ocrhubJson } from '../helpers/cli.js';
import { packageFiles, wordModule, writeFiles } from '../helpers/files.js';
import { freePort, removeHome, sharedHome } from '../helpers/home.js';
import { opened } from '../helpers/http.js';
import { fixture } from '../helpers/pictures.js';
import { predict, startServer, type TestServer } from '../helpers/server.js';

interface Listed {
  readonly name: string;
  readonly version: string;
  readonly servedOn: readonly { port: number; route: string; current: boolean }[];
}

/** Two versions of a word installed, the older one served under two routes, the newest under one. */
let home: string;
let server: TestServer;

beforeAll(async () => {
  home = await sharedHome();
  await installWord('1.0.0', 'old');
  await installWord('2.0.0', 'new');
  server = await startServer(home, { flags: ['-m', 'word', 'first=word==1.0.0', 'second=word==1.0.0'] });
});

afterAll(() => removeHome(home));

async function installWord(version: string, word: string): Promise<void> {
  const folder = await writeFiles(path.join(home, 'src', version), packageFiles(wordModule('word', { version, word })));
  await ocrhubJson(home, ['install', folder]);
}

async function wordOf(route: string): Promise<unknown> {
  return opened(await predict(server, route, { images: [fixture('pixel.png')] })).results;
}

const servedOn = async (): Promise<Record<string, Listed['servedOn']>> =>
  Object.fromEntries((await ocrhubJson<Listed[]>(home, ['list'])).map((module) => [module.version, module.servedOn]));

it('list prints the ports on which each version is served', async () => {
  const { port } = server;
  expect(await servedOn()).toEqual({
    '2.0.0': [{ port, route: 'word', current: true }],
    '1.0.0': [
      { port, route: 'first', current: true },
      { port, route: 'second', current: true },
    ],
  });
  const { stdout } = await ocrhub(home, ['list']);
  expect(stdout).toMatch(new RegExp(`^MODULE .* SERVED ON\nword +2\\.0\\.0 .* ${port}\nword +1\\.0\\.0 .* ${port}\n$`));
});

it('list marks a port as stale until its restart', async () => {
  const { port } = server;
  await installWord('1.0.0', 'mended');
  expect((await servedOn())['1.0.0']).toMatchObject([{ current: false }, { current: false }]);
  expect((await servedOn())['2.0.0']).toMatchObject([{ current: true }]);
  const { stdout } = await ocrhub(home, ['list']);
  expect(stdout).toMatch(new RegExp(`^word +1\\.0\\.0 .* ${port} \\(stale\\)$`, 'm'));
  expect(stdout).toContain(`to serve the installed copies: ocrhub serving restart -p ${port}\n`);
  await ocrhub(home, ['serving', 'restart', '-p', String(port)]);
  expect((await servedOn())['1.0.0']).toMatchObject([{ current: true }, { current: true }]);
  expect(await wordOf('first')).toEqual(['mended']);
});

it('list marks a port as stale when a newer version is installed', async () => {
  await installWord('3.0.0', 'newest');
  expect(await servedOn()).toMatchObject({ '3.0.0': [], '2.0.0': [{ route: 'word', current: false }] });
  await ocrhub(home, ['uninstall', 'word==3.0.0']);
  expect(await servedOn()).toMatchObject({ '2.0.0': [{ route: 'word', current: true }] });
});

it('list prints a module served from a folder below the installed modules', async () => {
  const folder = path.join(home, 'src', '1.0.0');
  const other = await startServer(home, { flags: ['-m', folder], port: await freePort() });
  expect((await servedOn())['1.0.0']?.map(({ port }) => port)).not.toContain(other.port);
  expect((await ocrhub(home, ['list'])).stdout).toContain(
    `Port ${other.port} serves word 1.0.0 from the folder ${folder}, not from the registry\n`,
  );
  expect((await ocrhub(home, ['uninstall', 'word==9.0.0'])).stdout).toBe('word 9.0.0 is not installed\n');
  await ocrhub(home, ['serving', 'stop', '-p', String(other.port)]);
});

it('a damaged install does not hide other installs or served modules in list', async () => {
  await writeFile(path.join(home, 'modules', 'word', '2.0.0', 'current.json'), '{');
  const { code, stdout, stderr } = await ocrhub(home, ['list']);
  expect(code).toBe(5);
  expect(stdout).toMatch(new RegExp(`^word +1\\.0\\.0 .* ${server.port}$`, 'm'));
  expect(stderr).toMatch(
    /^Error: The install of word 2\.0\.0 is damaged: .*current\.json: it is not a pointer file\nFix it: ocrhub uninstall word==2\.0\.0, then install it again\n$/,
  );
  expect(await ocrhubJson(home, ['list'], 5)).toMatchObject([
    { version: '1.0.0' },
    { name: 'word', version: '2.0.0', error: { code: 'registry_damaged' } },
  ]);
  // The copy is not uninstalled, and a restart cannot serve it.
  const mend = 'ocrhub uninstall word==2.0.0, then install it again';
  expect(stdout).toContain(
    `Port ${server.port} serves word 2.0.0 from a copy that the server keeps; its install is damaged\n` +
      `Port ${server.port} cannot be restarted until an install is repaired: ${mend}\n`,
  );
  expect(stdout).not.toMatch(/not installed any more|serving restart/);
  const status = await ocrhub(home, ['serving', 'status']);
  expect(status.stdout).toMatch(/^ {2}word 2\.0\.0 \(\w+\) {2}installed copy damaged since start: /m);
  expect(status.stdout).toContain(`: ${mend}\n`);
  expect(status.stdout).not.toContain('serving restart');
  const { servers } = await ocrhubJson<{ servers: { modules: { route: string }[] }[] }>(home, ['serving', 'status']);
  expect(servers[0]?.modules.find(({ route }) => route === 'word')).toMatchObject({
    installed: true,
    changed: false,
    damaged: { mend },
  });
  expect((await ocrhub(home, ['show', 'word==1.0.0'])).code).toBe(0);
  expect((await ocrhub(home, ['show', 'word'])).code).toBe(5);
  await installWord('2.0.0', 'new');
  expect((await ocrhub(home, ['list'])).code).toBe(0);
});

it('uninstall names the servers that keep a copy and does not disturb them', async () => {
  const { port } = server;
  const { code, stdout } = await ocrhub(home, ['uninstall', 'word==1.0.0']);
  expect(code).toBe(0);
  expect(stdout).toBe(
    [
      'Uninstalled word 1.0.0',
      ...['first', 'second'].map(
        (route) => `  port ${port} keeps serving its copy of 1.0.0 as ${route} until its server is stopped`,
      ),
      '',
    ].join('\n'),
  );
  expect(await wordOf('first')).toEqual(['mended']);
  expect((await ocrhub(home, ['list'])).stdout).toContain(
    `Port ${port} serves word 1.0.0 as first from a copy that the server keeps; it is no longer installed\n`,
  );
  expect(await ocrhubJson(home, ['uninstall', 'word'])).toEqual({
    name: 'word',
    versions: ['2.0.0'],
    servedOn: [{ port, route: 'word', version: '2.0.0' }],
  });
  expect(await wordOf('word')).toEqual(['new']);
  expect((await ocrhub(home, ['list'])).stdout).toMatch(/^No module is installed\..*\nPort \d+ serves/);
});
