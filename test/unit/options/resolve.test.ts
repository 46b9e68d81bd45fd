import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Parser } from '@oclif/core';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import ServingStart from '../../../src/commands/serving/start.js';
import { homeAt, type Home } from '../../../src/runtime/config/home.js';
import { optionRows, type OptionName } from '../../../src/runtime/options/option-table.js';
import { resolveServeOptions } from '../../../src/runtime/options/resolve.js';
import type { ServeOptions } from '../../../src/runtime/options/serve-options.js';
import { installPackages } from '../../../src/runtime/registry/install.js';
import { packageFiles, wordModule, writeFiles } from '../../helpers/files.js';
import { removeHome, sharedHome, temporaryFolder } from '../../helpers/home.js';

interface Sample {
  /** What a user types behind the flag; undefined for a flag without a value. */
  readonly typed?: string;
  readonly inConfig: unknown;
  /** Another option without which it is refused. */
  readonly with?: Readonly<Record<string, string>>;
  readonly resolved: Partial<ServeOptions>;
}

/** A value of each option that is not its default. An option that is added to the table needs a row here. */
const samples: Readonly<Record<Exclude<OptionName, 'use_gpu'>, Sample>> = {
  port: { typed: '9001', inConfig: 9001, resolved: { port: 9001 } },
  use_multiprocess: { inConfig: true, resolved: { useMultiprocess: true, threads: 1 } },
  workers: { typed: '1000', inConfig: 1000, resolved: { workers: 1000 } },
  host: { typed: '0.0.0.0', inConfig: '0.0.0.0', resolved: { host: '0.0.0.0' } },
  max_queue: { typed: '7', inConfig: 7, resolved: { maxQueue: 7 } },
  timeout: { typed: '2.5', inConfig: 2.5, resolved: { timeout: 2.5 } },
  max_body: { typed: '1MiB', inConfig: '1MiB', resolved: { maxBody: 2 ** 20 } },
  max_pixels: { typed: '2MP', inConfig: '2MP', resolved: { maxPixels: 2e6 } },
  max_pages: { typed: '300', inConfig: 300, resolved: { maxPages: 300 } },
  max_memory: { typed: '3GiB', inConfig: '3GiB', resolved: { maxMemory: 3 * 2 ** 30 } },
  max_tasks: { typed: '5', inConfig: 5, resolved: { maxTasks: 5 } },
  grace: { typed: '1.5', inConfig: 1.5, resolved: { grace: 1.5 } },
  token_file: { typed: 'token.txt', inConfig: 'token.txt', resolved: { tokenFile: path.resolve('token.txt') } },
  protocols: {
    typed: 'hubserving,paddlex',
    inConfig: ['hubserving', 'paddlex'],
    resolved: { protocols: ['hubserving', 'paddlex'] },
  },
  allow_urls: {
    typed: 'a.example,*.b.example:8443',
    inConfig: ['a.example', '*.b.example:8443'],
    resolved: { allowUrls: ['a.example', '*.b.example:8443'] },
  },
  cert: {
    typed: 'cert.pem',
    inConfig: 'cert.pem',
    with: { key: 'key.pem' },
    resolved: { cert: path.resolve('cert.pem') },
  },
  key: {
    typed: 'key.pem',
    inConfig: 'key.pem',
    with: { cert: 'cert.pem' },
    resolved: { key: path.resolve('key.pem') },
  },
  allowed_hosts: {
    typed: 'ocr.example.com,*.lan.example:8443',
    inConfig: ['ocr.example.com', '*.lan.example:8443'],
    resolved: { allowedHosts: ['ocr.example.com', '*.lan.example:8443'] },
  },
  cors: {
    typed: 'https://a.example,app://obsidian.md',
    inConfig: ['https://a.example', 'app://obsidian.md'],
    resolved: { cors: ['https://a.example', 'app://obsidian.md'] },
  },
  base_path: { typed: '/tools/ocr/', inConfig: '/tools/ocr', resolved: { basePath: '/tools/ocr' } },
  trust_proxy: {
    typed: '127.0.0.1,10.0.0.0/8',
    inConfig: ['127.0.0.1', '10.0.0.0/8'],
    resolved: { trustProxy: ['127.0.0.1', '10.0.0.0/8'] },
  },
  store: { typed: 'shared', inConfig: 'shared', resolved: { store: path.resolve('shared') } },
  queue: {
    typed: 'redis://host/scans',
    inConfig: 'redis://host/scans',
    with: { store: 'shared' },
    resolved: { queue: 'redis://host/scans' },
  },
  keep_jobs: { typed: '60.5', inConfig: 60.5, resolved: { keepJobs: 60.5 } },
  max_jobs: { typed: '20', inConfig: 20, resolved: { maxJobs: 20 } },
  max_jobs_size: { typed: '2GiB', inConfig: '2GiB', resolved: { maxJobsSize: 2 ** 31 } },
  no_ui: { inConfig: true, resolved: { noUi: true } },
  http_status_200: { inConfig: true, resolved: { httpStatus200: true } },
  allow_partial: { inConfig: true, resolved: { allowPartial: true } },
};

const cases = Object.entries(samples);

let home: Home;

beforeAll(async () => {
  const root = await sharedHome();
  home = homeAt(root, path.join(root, 'config.json'));
  await installPackages(home, [await writeFiles(path.join(root, 'word'), packageFiles(wordModule('word')))]);
});

afterAll(() => removeHome(home.root));

async function resolveFlags(argv: readonly string[]): Promise<ServeOptions> {
  const { flags } = await Parser.parse([...argv], { flags: ServingStart.flags });
  return (await resolveServeOptions(home, flags)).options;
}

async function resolveConfig(content: object): Promise<ServeOptions> {
  const config = path.join(await temporaryFolder(), 'serve.json');
  await writeFile(config, JSON.stringify({ modules_info: { word: {} }, ...content }));
  return (await resolveServeOptions(home, { config })).options;
}

it.each(cases)('the default of %s is not the value that the tests below set', async (_, { resolved }) => {
  expect(await resolveFlags(['-m', 'word'])).not.toMatchObject(resolved);
});

it.each(cases)(
  'the flag --%s reaches the options of the server',
  async (name, { typed, with: others = {}, resolved }) => {
    const flag = typed === undefined ? [`--${name}`] : [`--${name}`, typed];
    const more = Object.entries(others).flatMap(([other, value]) => [`--${other}`, value]);
    expect(await resolveFlags(['-m', 'word', ...flag, ...more])).toMatchObject(resolved);
  },
);

it.each(cases)(
  'the key %s of a config file reaches the options of the server',
  async (name, { inConfig, with: others, resolved }) => {
    expect(await resolveConfig({ [name]: inConfig, ...others })).toMatchObject(resolved);
  },
);

it.each([
  [['--queue', 'redis://host'], /--queue is "redis:\/\/host\/ocrhub": .*--store/],
  [
    ['--queue', 'redis://me:secret@host', '--store', 'x'],
    /--queue is "redis:\/\/host\/ocrhub": .*OCRHUB_QUEUE_PASSWORD/,
  ],
  [['--queue', 'amqp://me:secret@host', '--store', 'x'], /--queue is "amqp:\/\/host": expected redis:/],
])('%j is refused with the next step, and without the password', async (flags, message) => {
  const refused: unknown = await resolveFlags(['-m', 'word', ...flags]).catch((error: unknown) => error);
  expect(refused).toHaveProperty('message', expect.stringMatching(message));
  expect((refused as Error).message).not.toContain('secret');
});

it.each(['[::1]', '[::1]:8868'])(
  'the address %s is refused with the form that it has outside of URLs',
  async (host) => {
    const message = expect.stringMatching(
      /host is "\[::1\].*": an IPv6 address has no brackets here, as in ::1/,
    ) as string;
    await expect(resolveFlags(['-m', 'word', '--host', host])).rejects.toMatchObject({
      code: 'value_invalid',
      message,
    });
    await expect(resolveConfig({ host })).rejects.toMatchObject({ code: 'value_invalid', message });
  },
);

describe('the key use_gpu of a config file', () => {
  afterEach(() => vi.unstubAllEnvs());

  it('sets use_gpu of every module', async () => {
    vi.stubEnv('CUDA_VISIBLE_DEVICES', '0');
    const { modules } = await resolveConfig({ use_gpu: true });
    expect(modules.map(({ initArgs }) => initArgs)).toEqual([{ use_gpu: true }]);
  });
});

it('use_gpu alone has no flag', () => {
  const withoutFlag = optionRows.filter(([name]) => !(name in ServingStart.flags));
  expect(withoutFlag.map(([name]) => name)).toEqual(['use_gpu']);
});
