import { readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ocrhub, ocrhubJson, root } from '../helpers/cli.js';
import { namesIn, writeFiles } from '../helpers/files.js';
import { temporaryFolder } from '../helpers/home.js';
import { withExternalData } from '../helpers/external-data.js';

// The embedded models stand for a user's own.
const det = path.join(root, 'models', 'PP-OCRv6_det_small.onnx');
const rec = path.join(root, 'models', 'PP-OCRv6_rec_small.onnx');
const dict = path.join(root, 'models', 'ppocrv6_dict.txt');
const picture = path.join(root, 'models', 'warmup.png');

describe('convert', () => {
  it('makes a package of a recognizer that can be run, installed and run again', async () => {
    const home = await temporaryFolder();
    const cwd = await temporaryFolder();
    const { code, stdout, stderr } = await ocrhub(home, ['convert', '--rec', rec, '--dict', dict, '--name', 'my_rec'], {
      cwd,
    });
    expect([code, stderr]).toEqual([0, '']);
    const folder = path.join(cwd, 'my_rec');
    expect(stdout).toMatch(
      new RegExp(
        `^Wrote ${folder}; its models are in ${path.join(home, 'models', 'my_rec')}\n.*\n  [01]\\.\\d{3}  ocrhub 123\n`,
      ),
    );
    expect((await namesIn(folder)).sort()).toEqual([
      'config.json',
      'index.ts',
      'models',
      'module.ts',
      'package.json',
      'params.ts',
      'tsconfig.json',
    ]);
    expect(await readFile(path.join(folder, 'params.ts'), 'utf8')).toContain("rec_model_dir: 'my_rec',");
    expect((await namesIn(path.join(folder, 'models'))).sort()).toEqual(['dict.txt', 'rec.onnx']);
    await ocrhubJson(home, ['install', folder]);
    expect((await ocrhub(home, ['run', 'my_rec', picture])).stdout).toContain('  ocrhub 123');
  });

  it('makes an ocr_system of two models and prints the answer of the first inference', async () => {
    const home = await temporaryFolder();
    const output = path.join(await temporaryFolder(), 'deep', 'my_ocr');
    const args = ['convert', '--det', det, '--rec', rec, '--dict', dict, '--name', 'my_ocr', '--output', output];
    expect(await ocrhubJson(home, args)).toMatchObject({
      name: 'my_ocr',
      path: output,
      from: 'ocr_system',
      models: path.join(home, 'models', 'my_ocr'),
      answer: [{ text: 'ocrhub 123' }],
    });
    const params = await readFile(path.join(output, 'params.ts'), 'utf8');
    expect(params).toContain("det_model_dir: 'my_ocr',");
    expect(params).toContain("rec_model_dir: 'my_ocr',");
    expect(params).toContain("cls_model_dir: 'ppocrv6-small',");
  });

  it('takes a set with the same files, as a killed conversion leaves it, and refuses one with others', async () => {
    const home = await temporaryFolder();
    const cwd = await temporaryFolder();
    const convert = (...args: string[]): ReturnType<typeof ocrhub> => ocrhub(home, ['convert', ...args], { cwd });
    const args = ['--rec', rec, '--dict', dict, '--name', 'mine'];
    expect(await convert(...args)).toMatchObject({ code: 0 });
    // The package gets its place last. The number is that of no process.
    await rename(path.join(cwd, 'mine'), path.join(cwd, 'mine.creating-4194999'));
    expect(await convert(...args)).toMatchObject({ code: 0 });
    expect(await namesIn(cwd)).toEqual(['mine']);

    await writeFiles(path.join(home, 'models', 'mine'), { 'dict.txt': 'a\n' });
    const other = await convert(...args, '--output', 'second');
    expect(other).toMatchObject({ code: 4, stdout: '' });
    expect(other.stderr).toContain('There is a model set mine already');
    const packageThere = await convert('--det', det, '--name', 'third', '--output', 'mine');
    expect(packageThere).toMatchObject({ code: 4, stdout: '' });
    expect(await namesIn(cwd)).toEqual(['mine']);
    expect(await namesIn(path.join(home, 'models'))).toEqual(['mine']);
  });

  it('leaves no files if the models do not fit', async () => {
    const home = await temporaryFolder();
    const cwd = await writeFiles(await temporaryFolder(), { 'keys.txt': 'a\nb\n', 'no.onnx': 'no network' });
    const convert = (...args: string[]): ReturnType<typeof ocrhub> =>
      ocrhub(home, ['convert', ...args, '--name', 'mine'], { cwd });
    const dictionary = await convert('--rec', rec, '--dict', 'keys.txt');
    expect(dictionary.code).toBe(5);
    expect(dictionary.stderr).toContain(`Model ${rec} cannot be used: it has 18710 classes, and 2 characters in its`);
    const role = await convert('--det', rec);
    expect(role.code).toBe(5);
    expect(role.stderr).toContain(`Model ${rec} cannot be used: its output is`);
    expect(await convert('--det', './no.onnx')).toMatchObject({ code: 5 });
    expect(await convert('--det', './gone.onnx')).toMatchObject({ code: 3 });
    expect(await namesIn(cwd)).toEqual(['keys.txt', 'no.onnx']);
    expect(await namesIn(path.join(home, 'models'))).toEqual([]);
  });

  it.each([
    ['a leading empty line', (lines: readonly string[]) => ['', ...lines], 'in the dictionary entry 1 is empty'],
    ['two line ends', (lines: readonly string[]) => [...lines, ''], 'in the dictionary entry 18709 is empty'],
    ['a comment', (lines: readonly string[]) => ['# all characters', ...lines], 'entry 1 is "# all characters"'],
    ['a character too many', (lines: readonly string[]) => ['茶茶', ...lines], 'was read as "'],
    ['a neighbor in place of each', (lines: readonly string[]) => ['茶茶', ...lines.slice(0, -1)], 'was read as "'],
  ])('refuses a dictionary with %s, and leaves no files', async (_, change, message) => {
    const home = await temporaryFolder();
    const lines = (await readFile(dict, 'utf8')).trimEnd().split('\n');
    const cwd = await writeFiles(await temporaryFolder(), { 'keys.txt': `${change(lines).join('\n')}\n` });
    const { code, stderr } = await ocrhub(home, ['convert', '--rec', rec, '--dict', 'keys.txt', '--name', 'mine'], {
      cwd,
    });
    expect([code, stderr]).toEqual([5, expect.stringContaining(message)]);
    expect(await namesIn(cwd)).toEqual(['keys.txt']);
    expect(await namesIn(path.join(home, 'models'))).toEqual([]);
  });

  it('accepts --from ocr_system for one model and refuses a package that does not use the model', async () => {
    const home = await temporaryFolder();
    const cwd = await temporaryFolder();
    const args = ['convert', '--det', det, '--name', 'my_det'];
    expect(await ocrhub(home, [...args, '--from', 'ocr_rec'], { cwd })).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^Error: --from is "ocr_rec": .*ocr_system, ocr_det/) as string,
    });
    const made = await ocrhub(home, [...args, '--from', 'ocr_system'], { cwd });
    expect(made.stdout).toContain('  ocrhub 123');
  });

  it('exits with 2 without a model, a name or a dictionary', async () => {
    const home = await temporaryFolder();
    const folder = await temporaryFolder();
    for (const args of [
      ['--name', 'x'],
      ['--det', det],
      ['--dict', dict, '--det', det, '--name', 'x'],
      ['--rec', rec, '--name', 'x'],
    ])
      expect(await ocrhub(home, ['convert', ...args], { cwd: folder }), args.join(' ')).toMatchObject({ code: 2 });
    const wordless = await ocrhub(home, ['convert', '--rec', rec, '--name', 'x'], { cwd: folder });
    expect(wordless.stderr).toMatch(/^Error: --dict is nothing: /);
    expect(await ocrhub(home, ['convert', '--det', det, '--name', 'ppocrv6-small'], { cwd: folder })).toMatchObject({
      code: 4,
    });
    expect(await namesIn(folder)).toEqual([]);
  });
});

describe('convert of a model whose weights lie beside it', () => {
  it('copies all their files, in subfolders too', async () => {
    const home = await temporaryFolder();
    const cwd = await temporaryFolder();
    await withExternalData(rec, path.join(cwd, 'mine.onnx'), ['mine.onnx.data', 'weights/more.bin']);
    const args = ['convert', '--rec', 'mine.onnx', '--dict', dict, '--name', 'apart'];
    const { code, stderr, stdout } = await ocrhub(home, args, { cwd });
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('ocrhub 123');
    const expected = ['dict.txt', 'mine.onnx.data', 'rec.onnx', 'weights'];
    expect((await namesIn(path.join(home, 'models', 'apart'))).sort()).toEqual(expected);
    expect((await namesIn(path.join(cwd, 'apart', 'models'))).sort()).toEqual(expected);
    await rm(path.join(cwd, 'weights'), { recursive: true });
    await rm(path.join(cwd, 'mine.onnx.data'));
    expect((await ocrhub(home, ['run', path.join(cwd, 'apart'), picture])).stdout).toContain('  ocrhub 123');
  });
});
