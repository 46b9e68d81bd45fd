import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ocrhub } from '../helpers/cli.js';
import { freePort, removeHome, sharedHome } from '../helpers/home.js';
import { opened } from '../helpers/http.js';
import { installModule, installProbe } from '../helpers/module.js';
import { fixture, whitePng } from '../helpers/pictures.js';
import { health, predict, untilLogged, startServer, type TestServer } from '../helpers/server.js';

let home = '';
let server: TestServer;
let image = '';
beforeAll(async () => {
  home = await sharedHome();
  image = await whitePng(10);
  await installProbe(home);
  await installModule(
    home,
    `
  name: 'broken',
  version: '1.0.0',
  initialize() {
    throw new Error('there is no such weight');
  },
  predict: () => [],`,
  );
  await installModule(
    home,
    `
  name: 'whole',
  version: '1.0.0',
  predict: ({ images }) => ({ widths: images.map(({ width }) => width), name: '全部' }),`,
  );
  server = await startServer(home, { flags: ['-m', 'probe', 'broken', 'whole', '--allow_partial', '--grace', '5'] });
});
afterAll(() => removeHome(home));

describe('an answer of a module', () => {
  it.each([
    ['bigint', 'Do not know how to serialize a BigInt'],
    ['circular', 'Converting circular structure to JSON'],
    ['function', 'results[0] is a function, which JSON does not have'],
    ['undefined', 'results[0] is undefined, which JSON does not have'],
    ['promise', 'results[0] is a promise, which JSON does not have; await it'],
    ['nan', 'results[0][0].score is NaN, which JSON does not have'],
    ['map', 'results[0] is a Map, which JSON does not have'],
    ['text', 'predict must return one entry per picture: string for 1 pictures'],
    ['short', 'predict must return one entry per picture: 0 entries for 1 pictures'],
  ])(
    'is refused with 500 and the name of the module if it is no JSON or not what the module declares: %s',
    async (answer, problem) => {
      const { http, status, results, msg } = opened(await predict(server, 'probe', { images: [image], answer }));
      expect({ http, status, results }).toEqual({ http: 500, status: '101', results: '' });
      expect(msg.startsWith(`Module probe answered something that cannot be sent: ${problem}`)).toBe(true);
    },
  );

  it('may be any JSON if the module declares no entries', async () => {
    const images = await Promise.all([3, 1, 2].map((width) => whitePng(width)));
    expect(opened(await predict(server, 'whole', { images }))).toEqual({
      http: 200,
      msg: '',
      results: { widths: [3, 1, 2], name: '全部' },
      status: '000',
    });
  });

  it('is 422 for a module without entries if one of the pictures cannot be read', async () => {
    const images = [image, fixture('not-a-picture.txt')];
    expect(opened(await predict(server, 'whole', { images }))).toEqual({
      http: 422,
      msg: 'No picture could be read: image 1: not a readable file: unsupported image format (expected JPEG, PNG, WebP, TIFF, GIF, BMP or PDF)',
      results: '',
      status: '101',
    });
  });
});

it('an error that a module throws is 500 "101" with its message, and the log has the place in the source', async () => {
  const headers = { 'X-Request-Id': 'thrown' };
  const [before] = (await health(server)).processes;
  const answer = await predict(server, 'probe', { images: [image], fail: 'the 雨 is over' }, { headers });
  expect(opened(answer)).toEqual({ http: 500, msg: 'the 雨 is over', results: '', status: '101' });
  const line = await untilLogged(server.logFile, ({ id }) => id === 'thrown');
  expect(line).toMatchObject({ httpStatus: 500, message: 'the 雨 is over' });
  expect(line.stack).toMatch(/RangeError: the 雨 is over\n.*module\.ts:\d+:\d+/);
  // The process is still the same.
  expect((await health(server)).processes.map(({ pid }) => pid)).toEqual([before?.pid]);
  expect(opened(await predict(server, 'probe', { images: [image] }))).toMatchObject({ http: 200 });
});

describe('a module that fails to load', () => {
  it('fails the start with its name and the place in the source', async () => {
    const flags = ['-m', 'probe', 'broken', '-p', String(await freePort())];
    const { code, stderr } = await ocrhub(home, ['serving', 'start', ...flags]);
    expect(code).toBe(5);
    expect(stderr).toContain('Module broken cannot be started: there is no such weight');
    expect(stderr).toMatch(/module\.ts:\d+:\d+/);
  });

  it('is left out with --allow_partial: the others are served, and /health says why it is not', async () => {
    const { status, modules } = await health(server);
    expect(status).toBe('ready');
    expect(modules.map(({ name, problem }) => [name, problem])).toEqual([
      ['probe', ''],
      ['broken', 'Module broken cannot be started: there is no such weight'],
      ['whole', ''],
    ]);
    expect(opened(await predict(server, 'broken', { images: [image] }))).toEqual({
      http: 503,
      msg: 'Module broken cannot be started: there is no such weight',
      results: '',
      status: '101',
    });
    expect(opened(await predict(server, 'probe', { images: [image] }))).toMatchObject({ http: 200 });
  });
});
