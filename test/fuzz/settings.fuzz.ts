import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { Config, type Command } from '@oclif/core';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { homeAt, type Home } from '../../src/runtime/config/home.js';
import { readUserConfig } from '../../src/runtime/config/user-config.js';
import { OcrHubError } from '../../src/runtime/errors/error.js';
import { configFileSchema } from '../../src/runtime/options/config-file.js';
import { resolveServeOptions } from '../../src/runtime/options/resolve.js';
import { readStatus } from '../../src/runtime/servers/status.js';
import { stopAll } from '../../src/runtime/servers/stop.js';
import { root } from '../helpers/cli.js';
import { removeHome, sharedHome } from '../helpers/home.js';
import { installLightModule } from './light-module.js';
import type { Schema } from './requests/operations.js';
import { jsonText, oddValue, valueOf } from './requests/value.js';
import { scaled, seed } from './scale.js';

/* Config files, state files and command lines: each is used, or refused with an error that has a name. */

let folder = '';
let home: Home;
beforeAll(async () => {
  folder = await sharedHome();
  const place = path.join(folder, 'home');
  await installLightModule(place);
  home = homeAt(place, path.join(place, 'config.json'));
  process.env['OCRHUB_HOME'] = place;
  // Commands that write do so in the working folder.
  await mkdir(path.join(folder, 'a', 'b'), { recursive: true });
  process.chdir(path.join(folder, 'a', 'b'));
});
afterAll(async () => {
  process.chdir(root);
  await removeHome(home.root);
  await rm(folder, { recursive: true, force: true });
});

/** Text that is mostly the JSON of a value, and sometimes cut off or no text at all. */
function fileOf(value: fc.Arbitrary<unknown>): fc.Arbitrary<Buffer> {
  return fc
    .tuple(value, fc.integer({ min: 0, max: 20 }), fc.uint8Array({ maxLength: 30 }))
    .map(([content, kind, bytes]) => {
      const text = Buffer.from(jsonText(content));
      if (kind === 0) return text.subarray(0, Math.floor(text.length / 2));
      if (kind === 1) return Buffer.from(bytes);
      if (kind === 2) return Buffer.from(text.toString('utf8'), 'utf16le');
      return kind === 3 ? Buffer.concat([Buffer.from('\ufeff'), text]) : text;
    });
}

/** @throws the error, unless it is one of the table and no bug */
async function refusedByName(run: () => Promise<unknown>): Promise<void> {
  try {
    await run();
  } catch (error) {
    if (!OcrHubError.is(error) || error.code === 'internal') throw error;
  }
}

const configFiles = scaled(1500);
it(`${configFiles} config files are resolved to options, or refused by name`, async () => {
  const schema = configFileSchema() as Schema;
  const modules = fc.dictionary(
    fc.constantFrom('ocr_system', 'ocr', 'a/b', '', '__proto__', '..'),
    valueOf(moduleSchema),
  );
  const content = fc
    .tuple(valueOf({ ...schema, type: 'object' }), fc.option(modules, { freq: 5 }))
    .map(([values, own]) => (own === null || typeof values !== 'object' ? values : { ...values, modules_info: own }));
  const file = path.join(folder, 'config.json');
  await fc.assert(
    fc.asyncProperty(fileOf(content), async (bytes) => {
      await writeFile(file, bytes);
      await refusedByName(() => resolveServeOptions(home, { config: file }));
    }),
    { numRuns: configFiles, seed },
  );
});

const moduleSchema: Schema = {
  type: 'object',
  properties: {
    module: { enum: ['ocr_system', 'ocr_system==1.0.0', 'x'] },
    init_args: {
      type: 'object',
      properties: { version: { type: 'string' }, rec_batch_num: { type: 'integer' }, lang: { type: 'string' } },
    },
    predict_args: {
      type: 'object',
      properties: { drop_score: { type: 'number' }, det_limit_type: { enum: ['min', 'max'] } },
    },
  },
};

it('the defaults of a user are read, or refused by name', async () => {
  const schema: Schema = {
    type: 'object',
    properties: {
      home: { type: 'string' },
      port: { type: 'integer' },
      host: { type: 'string' },
      workers: { type: 'integer' },
    },
  };
  const file = path.join(folder, 'defaults.json');
  await fc.assert(
    fc.asyncProperty(fileOf(valueOf(schema)), async (bytes) => {
      await writeFile(file, bytes);
      await refusedByName(() => Promise.resolve().then(() => readUserConfig(file)));
    }),
    { numRuns: scaled(1000), seed },
  );
});

const stateFiles = scaled(500);
it(`${stateFiles} state files that no server wrote stop no process and remove nothing outside the home folder`, async () => {
  const bystander = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)']);
  const kept = path.join(folder, 'kept');
  await writeFile(kept, 'mine');
  try {
    await fc.assert(
      fc.asyncProperty(fileOf(stateOf(bystander, kept)), async (bytes) => {
        await mkdir(home.serving, { recursive: true });
        await writeFile(path.join(home.serving, '18299.json'), bytes);
        await refusedByName(() => readStatus(home, undefined));
        await refusedByName(() => stopAll(home));
        expect(bystander.exitCode ?? bystander.signalCode).toBe(null);
        expect(await readdir(folder)).toContain('kept');
      }),
      { numRuns: stateFiles, seed },
    );
  } finally {
    bystander.kill('SIGKILL');
  }
});

/** What a state file says, with the process and the files of others. */
function stateOf({ pid = 0 }: ChildProcess, kept: string): fc.Arbitrary<unknown> {
  const or = (value: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
    fc.oneof({ weight: 19, arbitrary: value }, { weight: 1, arbitrary: oddValue });
  return fc.record(
    {
      pid: or(fc.constantFrom(pid, pid, 1, 2 ** 22, 2 ** 31)),
      startTime: or(fc.constantFrom(0, 1, 1e15)),
      birth: or(fc.constantFrom('1', '', 'x')),
      instance: or(fc.constantFrom('a', '', '../x')),
      port: or(fc.constantFrom(18299, 18299, 18299, 1)),
      host: or(fc.constantFrom('127.0.0.1', '::1', '', 'localhost', '/etc')),
      startedAt: or(fc.constantFrom('2026-01-01T00:00:00Z', '', 'never')),
      tokenRequired: or(fc.boolean()),
      foreground: or(fc.boolean()),
      version: or(fc.constantFrom('0.2.0', '9', '')),
      logFile: or(fc.constantFrom(kept, '/dev/null')),
      control: or(fc.constantFrom(kept, '/dev/null', '', path.dirname(kept), 'x'.repeat(5000), 'a\u0000b')),
      options: or(
        fc.constantFrom(
          { grace: 1, modules: [] },
          { grace: 1, modules: [{ route: 'a', name: '../..', version: '1', hash: 'x' }] },
        ),
      ),
    },
    {
      requiredKeys: [
        'pid',
        'port',
        'control',
        'options',
        'instance',
        'host',
        'startTime',
        'logFile',
        'version',
        'startedAt',
        'tokenRequired',
        'foreground',
      ],
    },
  );
}

/** Those that wait for input, follow, start processes or fetch from the internet by design. */
const leftOut = new Set(['mcp', 'download', 'batch', 'help']);
const endless = new Set(['watch', 'follow', 'foreground', 'open']);

const commandLines = scaled(1500);
it(`${commandLines} command lines end with a documented exit code`, async () => {
  const config = await Config.load(pathToFileURL(path.join(root, 'bin', 'run.js')).href);
  const commands = await Promise.all(
    config.commands
      .filter(({ id }) => !leftOut.has(id) && !id.startsWith('batch'))
      .map(async (plugin) => ({ id: plugin.id, command: await plugin.load() })),
  );
  const printed: string[] = [];
  const finds: object[] = [];
  const print = (text: string | Uint8Array): boolean => printed.push(String(text)) > 0;
  const silenced = [
    vi.spyOn(process.stdout, 'write').mockImplementation(print),
    vi.spyOn(process.stderr, 'write').mockImplementation(print),
    vi.spyOn(console, 'log').mockImplementation(print),
    vi.spyOn(console, 'error').mockImplementation(print),
  ];
  try {
    await fc.assert(
      fc.asyncProperty(commandLineOf(commands), async ({ command, id, args }) => {
        printed.length = 0;
        process.exitCode = 0;
        const code = await command.run(args, config).then(() => process.exitCode, exitCodeOf);
        const text = printed.join('');
        const isRight =
          [0, 2, 3, 4, 5].includes(Number(code)) && !text.includes('    at ') && !text.includes('\u001b]');
        if (!isRight)
          finds.push({ command: [id, ...args].map((word) => word.slice(0, 100)), code, text: text.slice(0, 500) });
      }),
      { numRuns: commandLines, seed },
    );
  } finally {
    for (const each of silenced) each.mockRestore();
    process.exitCode = 0;
  }
  expect(finds).toEqual([]);
});

/** The exit code that `execute` would give an error. */
function exitCodeOf(error: unknown): number {
  return (error as { oclif?: { exit?: number } }).oclif?.exit ?? 1;
}

interface NamedCommand {
  readonly id: string;
  readonly command: Command.Class;
}

const word = fc.oneof(
  fc.constantFrom(
    '',
    'x',
    '-',
    '--',
    '-x',
    '--json',
    'ocr_system',
    'ocr_system==1.0.0',
    'ocr_system==',
    '==',
    '.',
    '..',
    '../x',
    '/dev/null',
    '/nonexistent/x',
    '/proc/self/mem',
  ),
  fc.constantFrom(
    '0',
    '-1',
    '1e9',
    '99999999999999999999',
    '18298',
    '0x10',
    'NaN',
    '1GiB',
    '-5MB',
    'a=b',
    'a=',
    '=',
    'a.b=1',
    '{"a":',
    '[]',
    'null',
  ),
  fc.constantFrom(
    '中文',
    '\u001b]0;title\u0007',
    '\u202e',
    '%s',
    '#',
    'a b',
    'a\nb',
    '*',
    '**',
    '[',
    'http://127.0.0.1:1',
    'http://',
    's3://x',
    '~',
    'x'.repeat(3000),
    '__proto__',
    'constructor',
  ),
  // The system ends an argument at a NUL, and a slash could lead out of the folder.
  fc.string({ unit: 'grapheme', maxLength: 12 }).filter((text) => !/[\0/~]/.test(text)),
);

function commandLineOf(commands: readonly NamedCommand[]): fc.Arbitrary<NamedCommand & { args: string[] }> {
  return fc.constantFrom(...commands).chain(({ id, command }) => {
    const names = Object.keys((command.flags as object | undefined) ?? {}).filter((name) => !endless.has(name));
    const flag = fc
      .tuple(fc.constantFrom('json', ...names), fc.option(word))
      .map(([name, value]) => (value === null ? [`--${name}`] : [`--${name}`, value]));
    return fc
      .tuple(fc.array(word, { maxLength: 3 }), fc.array(flag, { maxLength: 3 }))
      .map(([words, flags]) => ({ id, command, args: [...words, ...flags.flat()] }));
  });
}
