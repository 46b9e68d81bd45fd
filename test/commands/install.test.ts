import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ocrhub, ocrhubJson, root } from '../helpers/cli.js';
import { packageFiles, wordModule, writeFiles } from '../helpers/files.js';
import { temporaryFolder } from '../helpers/home.js';

interface Installed {
  readonly name: string;
  readonly version: string;
  readonly path: string;
  readonly replaced: boolean;
}

describe('install', () => {
  it('prints what it installed, and the second time that it replaced it', async () => {
    const home = await temporaryFolder();
    const first = await ocrhub(home, ['install', 'ocr_det']);
    expect(first).toEqual({ code: 0, stdout: 'Installed ocr_det 1.0.0\n', stderr: '' });
    const second = await ocrhub(home, ['install', 'ocr_det']);
    expect(second).toEqual({ code: 0, stdout: 'Replaced ocr_det 1.0.0\n', stderr: '' });
  });

  it('prints an object with --json', async () => {
    const home = await temporaryFolder();
    const installed = await ocrhubJson<Installed>(home, ['install', 'ocr_det']);
    expect(installed).toMatchObject({ name: 'ocr_det', version: '1.0.0', replaced: false });
    expect(path.dirname(installed.path)).toBe(path.join(home, 'modules', 'ocr_det', '1.0.0'));
    expect(await ocrhubJson(home, ['install', 'ocr_det'])).toEqual({ ...installed, replaced: true });
  });

  it('accepts the folder of a package relative to the working directory', async () => {
    const home = await temporaryFolder();
    const cwd = path.join(root, 'src', 'modules');
    expect(await ocrhub(home, ['install', './ocr_rec'], { cwd })).toMatchObject({
      stdout: 'Installed ocr_rec 1.0.0\n',
    });
    const inside = await ocrhub(home, ['install', '.'], { cwd: path.join(cwd, 'ocr_cls') });
    expect(inside).toMatchObject({ stdout: 'Installed ocr_cls 1.0.0\n' });
  });

  it('accepts several packages and prints an array with --json', async () => {
    const home = await temporaryFolder();
    const installed = await ocrhubJson<Installed[]>(home, ['install', 'ocr_det', 'ocr_rec']);
    expect(installed.map(({ name }) => name)).toEqual(['ocr_det', 'ocr_rec']);
  });

  it('keeps versions side by side', async () => {
    const home = await temporaryFolder();
    for (const version of ['1.0.0', '2.0.0']) {
      const folder = await writeFiles(await temporaryFolder(), packageFiles(wordModule('word', { version })));
      expect(await ocrhubJson<Installed>(home, ['install', folder])).toMatchObject({ version, replaced: false });
    }
    const listed = await ocrhubJson<Installed[]>(home, ['list']);
    expect(listed.map(({ version }) => version)).toEqual(['2.0.0', '1.0.0']);
  });

  it('exits with 2 without a package', async () => {
    const home = await temporaryFolder();
    const { code, stdout, stderr } = await ocrhub(home, ['install']);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toBe(
      'Error: Missing 1 required arg:\npackage  folder of a package, or the name of a stock package; several may follow\nSee the flags and examples with --help.\n',
    );
    const { error } = await ocrhubJson<{ error: object }>(home, ['install'], 2);
    expect(error).toMatchObject({ code: 'usage', hint: 'See the flags and examples with --help.' });
  });
});

describe('uninstall', () => {
  it('prints what it removed', async () => {
    const home = await temporaryFolder();
    await ocrhub(home, ['install', 'ocr_det', 'ocr_rec', 'ocr_cls']);
    const one = await ocrhub(home, ['uninstall', 'ocr_det==1.0.0']);
    expect(one).toEqual({ code: 0, stdout: 'Uninstalled ocr_det 1.0.0\n', stderr: '' });
    expect(await ocrhubJson(home, ['uninstall', 'ocr_rec'])).toEqual({
      name: 'ocr_rec',
      versions: ['1.0.0'],
      servedOn: [],
    });
    expect(await ocrhubJson(home, ['uninstall', 'ocr_cls', 'ocr_det'])).toEqual([
      { name: 'ocr_cls', versions: ['1.0.0'], servedOn: [] },
      { name: 'ocr_det', versions: [], servedOn: [] },
    ]);
    expect(await ocrhubJson(home, ['list'])).toEqual([]);
  });

  it('prints that a module is not installed and exits with 0, as HubServing does', async () => {
    const home = await temporaryFolder();
    expect(await ocrhub(home, ['uninstall', 'ocr_system', 'ocr_det==1.0.0'])).toEqual({
      code: 0,
      stdout: 'ocr_system is not installed\nocr_det 1.0.0 is not installed\n',
      stderr: '',
    });
    expect(await ocrhubJson(home, ['uninstall', 'ocr_system'])).toEqual({
      name: 'ocr_system',
      versions: [],
      servedOn: [],
    });
  });

  it.each(['../modules', 'a/b', 'x==..'])('refuses %j before anything is removed', async (id) => {
    const home = await temporaryFolder();
    await ocrhub(home, ['install', 'ocr_det']);
    expect((await ocrhub(home, ['uninstall', 'ocr_det', id])).code).toBe(2);
    expect(await ocrhubJson(home, ['list'])).toHaveLength(1);
  });
});

describe('list', () => {
  it('prints how to install a module if none is installed', async () => {
    const home = await temporaryFolder();
    const listed = await ocrhub(home, ['list']);
    const stdout = 'No module is installed. Install one: ocrhub install ocr_system\n';
    expect(listed).toEqual({ code: 0, stdout, stderr: '' });
    expect(await ocrhubJson(home, ['list'])).toEqual([]);
  });

  it('prints a table, and an array with --json', async () => {
    const home = await temporaryFolder();
    const installed = await ocrhubJson<Installed>(home, ['install', 'ocr_det']);
    const [listed] = await ocrhubJson<{ installedAt: string }[]>(home, ['list']);
    expect(listed).toMatchObject({ name: 'ocr_det', version: '1.0.0', path: installed.path });
    const installedAt = listed?.installedAt ?? '';
    expect(new Date(installedAt).toISOString()).toBe(installedAt);
    const source = path.join(root, 'src', 'modules', 'ocr_det');
    expect((await ocrhub(home, ['list'])).stdout).toBe(
      `MODULE   VERSION  INSTALLED                 ${'FROM'.padEnd(source.length)}  SERVED ON\nocr_det  1.0.0    ${installedAt}  ${source}\n`,
    );
  });

  it('runs no code of a module', async () => {
    const home = await temporaryFolder();
    const module = `console.log('I ran');\n${wordModule('loud')}`;
    await ocrhub(home, ['install', await writeFiles(await temporaryFolder(), packageFiles(module))]);
    for (const args of [['list'], ['show', 'loud']]) expect((await ocrhub(home, args)).stdout).not.toContain('I ran');
  });
});

describe('show', () => {
  it('prints a module and its parameters', async () => {
    const home = await temporaryFolder();
    const installed = await ocrhubJson<Installed>(home, ['install', 'ocr_det']);
    const { code, stdout } = await ocrhub(home, ['show', 'ocr_det']);
    expect(code).toBe(0);
    expect(stdout).toContain('Name        ocr_det\nVersion     1.0.0\n');
    expect(stdout).toContain(`Location    ${installed.path}\n`);
    expect(stdout).toMatch(/^det_limit_side_len +960 +from 32 to 4000 +px +yes +Length /m);
    expect(stdout).toMatch(/^det_limit_type +"max" +max, min, resize_long +yes +/m);
  });

  it('prints the same as an object with --json', async () => {
    const home = await temporaryFolder();
    await ocrhub(home, ['install', 'ocr_det']);
    const shown = await ocrhubJson<{ parameters: { name: string }[] }>(home, ['show', 'ocr_det==1.0.0']);
    expect(shown).toMatchObject({ name: 'ocr_det', version: '1.0.0' });
    expect(shown.parameters.find(({ name }) => name === 'det_db_thresh')).toMatchObject({
      default: 0.3,
      range: 'from 0 to 1',
      unit: 'probability',
      perRequest: true,
    });
  });

  it('exits with 3 for a module that is not installed and prints how to install it', async () => {
    const home = await temporaryFolder();
    expect(await ocrhub(home, ['show', 'nope'])).toEqual({
      code: 3,
      stdout: '',
      stderr:
        'Error: Module nope is not installed; installed: none\nInstall your own folder: ocrhub install ./nope, or a stock package: ocrhub install NAME, where NAME is one of ocr_cls, ocr_det, ocr_rec, ocr_system\n',
    });
    expect(await ocrhubJson(home, ['show', 'nope'], 3)).toMatchObject({ error: { code: 'module_not_installed' } });
  });
});
