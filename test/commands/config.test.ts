import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { ocrhub, ocrhubJson, root, type CliResult } from '../helpers/cli.js';
import { namesIn, packageFiles, wordModule, writeFiles } from '../helpers/files.js';
import { freePort, temporaryFolder, temporaryHome } from '../helpers/home.js';
import { untilFound } from '../helpers/until-found.js';
import { faultEnv } from '../steps/fault-env.js';

let home: string;

beforeEach(async () => {
  home = await temporaryFolder();
});

const config = (...args: string[]): Promise<CliResult> => ocrhub(home, ['config', ...args]);
const damage = (text: string): Promise<void> => writeFile(path.join(home, 'config.json'), text);

describe('config set, while another command changes the file', () => {
  it('keeps the values of both', async () => {
    await config('set', 'port', '8868');
    const log = path.join(await temporaryFolder(), 'calls');
    const env = faultEnv({ below: [home], log }, { at: 0, kind: 'pause' });
    const slow = ocrhub(home, ['config', 'set', 'host', '127.0.0.2'], { env });
    // It has read the file, and writes the new one.
    await untilFound(async () => ((await readFile(log, 'utf8').catch(() => '')).includes('.tmp-') ? true : undefined));
    expect(await config('set', 'workers', '3')).toMatchObject({ code: 0 });
    expect(await slow).toMatchObject({ code: 0 });
    expect(await ocrhubJson(home, ['config', 'list'])).toMatchObject({
      defaults: { port: 8868, host: '127.0.0.2', workers: 3 },
    });
    expect(await namesIn(home)).toEqual(['config.json']);
  }, 60_000);

  it('does not wait for one that was killed', async () => {
    await config('set', 'port', '8868');
    // The number is that of no process.
    await symlink('4194999 gone', path.join(home, 'config.json.lock'));
    expect(await config('unset', 'port')).toMatchObject({ code: 0, stdout: 'port is now unset\n' });
    expect(await namesIn(home)).toEqual(['config.json']);
  });
});

describe('config get, set, unset and list', () => {
  it('say that OCRHUB_HOME is used instead of home', async () => {
    const { code, stdout, stderr } = await config('set', 'home', '/data/ocrhub');
    expect([code, stdout]).toEqual([0, 'home is /data/ocrhub\n']);
    expect(stderr).toContain(`OCRHUB_HOME is set to ${home}, and it is used instead`);
  });

  it('store, print and remove a value', async () => {
    expect(await config('set', 'port', '8868')).toEqual({ code: 0, stdout: 'port is 8868\n', stderr: '' });
    expect(await config('get', 'port')).toEqual({ code: 0, stdout: '8868\n', stderr: '' });
    expect(await ocrhubJson(home, ['config', 'set', 'host', '0.0.0.0'])).toEqual({ key: 'host', value: '0.0.0.0' });
    expect(await ocrhubJson(home, ['config', 'list'])).toEqual({
      file: path.join(home, 'config.json'),
      defaults: { port: 8868, host: '0.0.0.0' },
    });
    expect(JSON.parse(await readFile(path.join(home, 'config.json'), 'utf8'))).toEqual({ port: 8868, host: '0.0.0.0' });
    expect(await config('unset', 'port')).toMatchObject({ code: 0, stdout: 'port is now unset\n' });
    expect(await config('unset', 'port')).toMatchObject({ code: 0, stdout: 'port was not set\n' });
    expect(await config('get', 'port')).toEqual({ code: 0, stdout: '', stderr: 'port is not set\n' });
    expect(await ocrhubJson(home, ['config', 'get', 'port'])).toEqual({ key: 'port', value: null });
  });

  it('print every key with its meaning', async () => {
    await config('set', 'workers', '3');
    const { stdout } = await config('list');
    for (const key of ['home', 'port', 'host', 'workers']) expect(stdout).toMatch(new RegExp(`^${key} +\\S`, 'm'));
    expect(stdout).toMatch(/^workers +3 +\w/m);
  });

  it.each([
    [['set', 'port', 'abc'], 'config: port is "abc": Invalid input: expected number, received string'],
    [['set', 'port', '70000'], 'config: port is 70000: expected an integer from 1 to 65535'],
    [['set', 'workers', '0'], 'config: workers is 0: expected an integer from 1 to 1024'],
    [['set', 'workers', '1.5'], 'config: workers is 1.5: Invalid input: expected int, received number'],
    [['set', 'host', ''], 'config: host is "": Too small: '],
    [['set', 'home', ''], 'config: home is "": expected an absolute path'],
    [['set', 'prot', '1'], 'config: unknown key "prot"; did you mean "port"?'],
    [['get', 'hots'], 'config: unknown key "hots"; did you mean "host"?'],
    [['unset', 'nonsense'], 'config: unknown key "nonsense"; allowed: home, port, host, workers\n'],
    [['unset'], 'Name one key, or use --all'],
    [['unset', 'port', '--all'], 'Name one key, or use --all'],
  ])('refuse %j', async (args, message) => {
    const { code, stdout, stderr } = await config(...args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(`Error: ${message}`);
    expect(await namesIn(home)).not.toContain('config.json');
  });
});

describe('a damaged file of defaults', () => {
  it.each(['{"port": 88', '', '[]', 'null'])(
    '%j is named with the command that mends it, and left as it is',
    async (text) => {
      await damage(text);
      for (const args of [['list'], ['get', 'port'], ['set', 'port', '8868'], ['unset', 'port']]) {
        const { code, stderr } = await config(...args);
        expect(code).toBe(5);
        expect(stderr).toContain(path.join(home, 'config.json'));
        expect(stderr).toMatch(/\nFix it: ocrhub config unset --all\n$/);
      }
      expect(await readFile(path.join(home, 'config.json'), 'utf8')).toBe(text);
      expect((await config('unset', '--all')).code).toBe(0);
      expect(await readFile(path.join(home, 'config.json.old'), 'utf8')).toBe(text);
      expect(await config('set', 'port', '8868')).toMatchObject({ code: 0 });
    },
  );

  it.each([
    ['{"port": "x"}', 'port', 'port is "x"'],
    ['{"prot": 1}', 'prot', 'unknown key "prot"'],
  ])('with a bad value, %j, is repaired by config unset', async (text, key, problem) => {
    await damage(text);
    const { code, stderr } = await config('list');
    expect(code).toBe(5);
    expect(stderr).toContain(problem);
    expect(stderr).toMatch(new RegExp(`\nFix it: ocrhub config unset ${key}\n$`));
    expect((await config('unset', key)).code).toBe(0);
    expect(await ocrhubJson(home, ['config', 'list'])).toMatchObject({ defaults: {} });
  });

  it('fails serving start, but not list', async () => {
    await damage('{');
    expect(await ocrhub(home, ['serving', 'start', '-m', 'word'])).toMatchObject({ code: 5 });
    expect(await ocrhub(home, ['list'])).toMatchObject({ code: 0 });
  });
});

describe('config set home', () => {
  /** Without OCRHUB_HOME, `.ocrhub` in the user's home folder is where the defaults lie. */
  const asUser = (user: string, ...args: string[]): Promise<CliResult> =>
    ocrhub('', args, { env: { OCRHUB_HOME: undefined, HOME: user, USERPROFILE: user } });

  it('moves everything except the file of defaults', async () => {
    const elsewhere = path.join(await temporaryFolder(), 'elsewhere');
    expect((await asUser(home, 'config', 'set', 'home', elsewhere)).code).toBe(0);
    expect((await asUser(home, 'install', 'ocr_det')).code).toBe(0);
    expect(await namesIn(path.join(home, '.ocrhub'))).toEqual(['config.json']);
    expect(await namesIn(path.join(elsewhere, 'modules'))).toEqual(['ocr_det']);
    expect((await asUser(home, 'list')).stdout).toContain('ocr_det');
    expect((await asUser(home, 'config', 'get', 'home')).stdout).toBe(`${elsewhere}\n`);
    await asUser(home, 'config', 'unset', 'home');
    expect((await asUser(home, 'list')).stdout).toContain('No module is installed');
  });

  it('has less weight than OCRHUB_HOME', async () => {
    const [elsewhere, here] = [await temporaryFolder(), await temporaryFolder()];
    await asUser(home, 'config', 'set', 'home', elsewhere);
    const env = { HOME: home, USERPROFILE: home };
    expect((await ocrhub(here, ['install', 'ocr_det'], { env })).code).toBe(0);
    expect(await namesIn(path.join(here, 'modules'))).toEqual(['ocr_det']);
    expect(await namesIn(elsewhere)).toEqual([]);
  });

  it.each(['{"home": "somewhere"}', '{"home": 3}', '{'])(
    'as %j in the file is refused by every command',
    async (text) => {
      await mkdir(path.join(home, '.ocrhub'));
      await writeFile(path.join(home, '.ocrhub', 'config.json'), text);
      const { code, stderr } = await asUser(home, 'list');
      expect(code).toBe(5);
      expect(stderr).toMatch(/\nFix it: ocrhub config unset (home|--all)\n$/);
    },
  );

  it('stores an absolute path', async () => {
    const { stdout } = await config('set', 'home', './there');
    expect(stdout).toBe(`home is ${path.join(root, 'there')}\n`);
  });
});

it('the defaults port, host and workers apply to serving start and stop; flags override them', async () => {
  const servers = await temporaryHome();
  const folder = await writeFiles(path.join(servers, 'src', 'word'), packageFiles(wordModule('word')));
  await ocrhubJson(servers, ['install', folder]);
  const [mine, other] = [await freePort(), await freePort()];
  await ocrhubJson(servers, ['config', 'set', 'port', String(mine)]);
  await ocrhubJson(servers, ['config', 'set', 'host', 'localhost']);
  await ocrhubJson(servers, ['config', 'set', 'workers', '1']);
  const start = ['serving', 'start', '-m', 'word', '--use_multiprocess'];
  expect(await ocrhubJson(servers, start)).toMatchObject({ port: mine, host: 'localhost', processes: 1 });
  expect(await ocrhubJson(servers, ['serving', 'stop'])).toMatchObject({ port: mine, stopped: true });
  expect(await ocrhubJson(servers, [...start, '-p', String(other), '--host', '127.0.0.1'])).toMatchObject({
    port: other,
    host: '127.0.0.1',
  });
});

describe('config schema', () => {
  interface Schema {
    readonly additionalProperties: boolean;
    readonly required: readonly string[];
    readonly properties: Readonly<Record<string, { readonly description?: string }>>;
  }

  it('equals docs/config.schema.json', async () => {
    const { stdout } = await config('schema');
    const copy = await readFile(path.join(root, 'docs', 'config.schema.json'), 'utf8');
    expect(JSON.parse(copy), 'npm run schema writes docs/config.schema.json').toEqual(JSON.parse(stdout));
  });

  it('describes every key, including every flag of serving start, and allows no other', async () => {
    const schema = await ocrhubJson<Schema>(home, ['config', 'schema']);
    expect(schema.additionalProperties).toBe(false);
    expect(schema.required).toEqual(['modules_info']);
    for (const [key, { description }] of Object.entries(schema.properties))
      expect([key, description]).toEqual([key, expect.stringMatching(/\w{3}/)]);
    const { stdout } = await ocrhub(home, ['serving', 'start', '--help']);
    const flags = [...stdout.matchAll(/^ +(?:-\w, )?--(\w+)/gm)].map(([, name = '']) => name);
    const only = ['modules', 'set', 'config', 'watch', 'foreground', 'open', 'json'];
    expect(flags.length).toBeGreaterThan(10);
    for (const flag of flags.filter((name) => !only.includes(name)))
      expect(Object.keys(schema.properties)).toContain(flag);
  });
});
