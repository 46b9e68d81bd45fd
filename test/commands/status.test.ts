import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ocrhub, ocrhubJson } from '../helpers/cli.js';
import { packageFiles, wordModule, writeFiles } from '../helpers/files.js';
import { removeHome, sharedHome } from '../helpers/home.js';
import { health, startServer, type TestServer } from '../helpers/server.js';

let home: string;
let server: TestServer;

beforeAll(async () => {
  home = await sharedHome();
  const word = await writeFiles(path.join(home, 'src'), packageFiles(wordModule('word')));
  await ocrhubJson(home, ['install', 'ocr_system', 'ocr_cls', 'ocr_det', word]);
  const modules = ['small=ocr_system', 'exact=ocr_system', 'ocr_det', 'ocr_cls', 'word'];
  const settings = ['small.setting=accurate', 'exact.setting=reference', 'ocr_det.precision=f32'];
  server = await startServer(home, { flags: ['-m', ...modules, '--set', ...settings] });
});

afterAll(() => removeHome(home));

const small = (role: string) =>
  expect.objectContaining({ role, model: expect.stringMatching(/^ppocrv6-small/) as string }) as object;
const exact = (role: string) => ({ role, model: 'ppocrv6-small', precision: 'f32', reason: 'precision is f32' });

const expected = [
  { route: 'small', setting: 'accurate', models: [{ ...exact('det'), reason: 'det_precision is f32' }, small('rec')] },
  { route: 'exact', setting: 'reference', models: [exact('det'), exact('rec')] },
  { route: 'ocr_det', setting: 'default', models: [exact('det')] },
  { route: 'ocr_cls', setting: null, models: [] },
  { route: 'word', setting: null, models: [] },
];

it('status and /health name the networks that run and the preset', async () => {
  expect((await health(server)).modules).toMatchObject(expected);
  const { servers } = await ocrhubJson<{ servers: { modules: object[] }[] }>(home, ['serving', 'status']);
  expect(servers[0]?.modules).toMatchObject(expected);
});

it('status shows each network below its module', async () => {
  const lines = (await ocrhub(home, ['serving', 'status'])).stdout.split('\n');
  const shown = lines.slice(
    2,
    lines.findIndex((line) => line.startsWith('PROCESS')),
  );
  expect(shown).toEqual([
    expect.stringMatching(/^ {2}small 1\.0\.0 \(\w+\) {2}setting accurate$/),
    '    det: ppocrv6-small, f32 (det_precision is f32)',
    expect.stringMatching(/^ {4}rec: ppocrv6-small(-int8, int8|, f32) \(.+\)$/),
    expect.stringMatching(/^ {2}exact 1\.0\.0 \(\w+\) {2}setting reference$/),
    '    det: ppocrv6-small, f32 (precision is f32)',
    '    rec: ppocrv6-small, f32 (precision is f32)',
    expect.stringMatching(/^ {2}ocr_det 1\.0\.0 \(\w+\) {2}setting default$/),
    '    det: ppocrv6-small, f32 (precision is f32)',
    expect.stringMatching(/^ {2}ocr_cls 1\.0\.0 \(\w+\)$/),
    expect.stringMatching(/^ {2}word 1\.0\.0 \(\w+\)$/),
  ]);
});
