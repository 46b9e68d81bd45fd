import { spawn } from 'node:child_process';
import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { ocrhub, ocrhubJson, root, withoutVitest } from '../helpers/cli.js';
import { namesIn, writeFiles } from '../helpers/files.js';
import { temporaryFolder } from '../helpers/home.js';
import { makePdf } from '../helpers/pdf.js';
import { until } from '../helpers/server.js';
import { slowPackage } from '../helpers/slow-package.js';

const fixtures = path.join(root, 'test', 'fixtures');
const line = path.join(fixtures, 'line.png');
const lineText = '识别一行文字 One line of text\n';

let home: string;
let folder: string;

beforeEach(async () => {
  home = path.join(await temporaryFolder(), 'empty');
  folder = await temporaryFolder();
});

async function manyPictures(count: number): Promise<string> {
  const scans = path.join(folder, 'scans');
  await mkdir(scans);
  for (let i = 10; i < 10 + count; i++) await cp(path.join(fixtures, 'tiny.png'), path.join(scans, `${i}.png`));
  return scans;
}

describe('run without a module', () => {
  it('prints the text of a PDF file with an empty home folder', async () => {
    const file = path.join(folder, 'page.pdf');
    await writeFile(file, await makePdf([{ text: ['Hello from page one'] }, { text: ['Second page'] }]));
    const { code, stdout, stderr } = await ocrhub(home, ['run', file]);
    expect([code, stdout, stderr]).toEqual([0, 'Hello from page one\n\fSecond page\n', '']);
    expect(await ocrhubJson(home, ['list'])).toEqual([]);
  });

  it('prints the same bytes as it writes to a file', async () => {
    const file = path.join(folder, 'new', 'line.tsv');
    const printed = await ocrhub(home, ['run', line, '-f', 'tsv']);
    const written = await ocrhub(home, ['run', line, '-o', file]);
    expect([printed.code, written.code, written.stdout]).toEqual([0, 0, `${file}\n`]);
    expect(printed.stdout).toContain('One');
    expect(await readFile(file, 'utf8')).toBe(printed.stdout);
  });

  it('reads standard input, a file with any name and a pattern, in their order', async () => {
    await cp(line, path.join(folder, 'line.data'));
    await cp(path.join(fixtures, 'blank.png'), path.join(folder, 'b.png'));
    const args = ['run', '-', 'line.data', '*.png', '-f', 'json'];
    const { code, stdout } = await ocrhub(home, args, { cwd: folder, stdin: await readFile(line) });
    expect(code).toBe(0);
    const rows = stdout
      .trimEnd()
      .split('\n')
      .map((row) => JSON.parse(row) as { documents: { name: string }[] });
    expect(rows.map(({ documents }) => documents[0]?.name)).toEqual(['stdin', 'line.data', 'b.png']);
  });

  it('reads the pages and the text layer of an encrypted file', async () => {
    const file = path.join(folder, 'page.pdf');
    const pages = ['one', 'two', 'three'].map((text) => ({ text: [text] }));
    await writeFile(file, await makePdf(pages, { password: 'open sesame' }));
    const args = ['run', file, '--use_text_layer', '--pages', '3,1'];
    const { stdout } = await ocrhub(home, [...args, '--password', 'open sesame']);
    expect(stdout).toBe('three\n\fone\n');
    expect((await ocrhub(home, args, { env: { OCRHUB_PDF_PASSWORD: 'open sesame' } })).stdout).toBe(stdout);
    const { code, stderr } = await ocrhub(home, args);
    expect([code, stderr]).toEqual([5, expect.stringContaining(`${file}  the PDF file is encrypted`)]);
  });

  it('draws beside each file and skips these drawings when the folder is read again', async () => {
    await cp(line, path.join(folder, 'line.png'));
    await writeFile(path.join(folder, 'two.pdf'), await makePdf([{ text: ['one'] }, { text: ['two'] }]));
    const [first, second] = await ocrhubJson<{ drawn: unknown }[]>(home, ['run', folder, '--visualize']);
    const drawn = ['line.lines.png', 'two.page-1.lines.png', 'two.page-2.lines.png'].map((name) =>
      path.join(folder, name),
    );
    expect([first?.drawn, second?.drawn]).toEqual([drawn[0], drawn.slice(1)]);
    expect((await namesIn(folder)).sort()).toEqual(
      ['line.png', 'two.pdf', ...drawn.map((file) => path.basename(file))].sort(),
    );
    expect((await ocrhubJson<unknown[]>(home, ['run', folder])).length).toBe(2);
  });
});

describe('the first argument of run', () => {
  it.each([
    ['a missing picture', 'gone.jpg', 3, 'Error: gone.jpg does not exist\n'],
    ['a pattern', 'gone/*.jpg', 3, 'Error: No file matches gone/*.jpg\n'],
    ['a folder without a package', '.', 3, 'Error: There is no picture and no PDF file in . ('],
    ['a word', 'gone', 2, 'Error: No file is named; gone is taken as the module\n'],
  ])('is taken as %s', async (_, word, code, message) => {
    const ran = await ocrhub(home, ['run', word], { cwd: folder });
    expect([ran.code, ran.stdout, ran.stderr]).toEqual([code, '', expect.stringContaining(message)]);
  });

  it('is a file if --module names the module', async () => {
    await mkdir(path.join(folder, 'ocr_system'));
    await cp(line, path.join(folder, 'ocr_system', 'line.png'));
    const args = ['run', '-m', await slowPackage(0), 'ocr_system'];
    const { code, stdout } = await ocrhub(home, args, { cwd: folder });
    expect([code, stdout]).toEqual([0, expect.stringMatching(/line\.png .*\n {2}1\.000 {2}width \d+\n$/)]);
  });
});

describe('run of a folder', () => {
  it('writes a file for each, mirrors subfolders, reports a broken file and goes on', async () => {
    const scans = await writeFiles(path.join(folder, 'scans'), { 'b.jpg': 'no picture' });
    await mkdir(path.join(scans, '2024'));
    for (const name of ['a.png', 'c.png', '2024/a.png']) await cp(line, path.join(scans, name));
    const out = path.join(folder, 'out');
    const { code, stdout, stderr } = await ocrhub(home, ['run', scans, '-o', out]);
    const written = ['2024/a.txt', 'a.txt', 'c.txt'].map((name) => path.join(out, path.normalize(name)));
    expect([code, stdout]).toEqual([5, `${written.join('\n')}\n`]);
    expect(stderr).toContain(`${path.join(scans, 'b.jpg')}  not a readable file`);
    expect(stderr).toContain('1 of 4 files failed\n');
    expect(await Promise.all(written.map((file) => readFile(file, 'utf8')))).toEqual(written.map(() => lineText));
  });

  it('continues with --resume where it was stopped, also with JSON Lines', async () => {
    const scans = await manyPictures(3);
    const module = await slowPackage(0);
    const out = path.join(folder, 'out');
    await writeFiles(out, { '11.txt': 'from before' });
    const resumed = await ocrhub(home, ['run', '-m', module, scans, '-o', out, '--resume']);
    expect([resumed.code, resumed.stderr]).toEqual([0, '1 file skipped: the output exists\n']);
    expect(await readFile(path.join(out, '11.txt'), 'utf8')).toBe('from before');
    expect(await readFile(path.join(out, '12.txt'), 'utf8')).toBe('width 40\n');

    const lines = path.join(folder, 'results.jsonl');
    await writeFile(lines, `${JSON.stringify({ file: path.join(scans, '10.png') })}\n{"file":"cut`);
    const args = ['run', '-m', module, scans, '-o', lines, '--resume'];
    expect((await ocrhub(home, args)).stderr).toBe('1 file skipped: the output exists\n');
    const rows = (await readFile(lines, 'utf8'))
      .trimEnd()
      .split('\n')
      .map((row) => JSON.parse(row) as { file: string });
    expect(rows.map(({ file }) => path.basename(file))).toEqual(['10.png', '11.png', '12.png']);
    expect((await ocrhub(home, args)).stderr).toBe('3 files skipped: the output exists\n');
  });

  it.skipIf(process.platform === 'win32')('leaves whole files only on Ctrl-C and exits with 130', async () => {
    const scans = await manyPictures(20);
    const module = await slowPackage(100);
    const out = path.join(folder, 'out');
    const args = ['run', '-m', module, scans, '-f', 'json', '-o', out];
    const child = spawn(process.execPath, [path.join(root, 'bin', 'run.js'), ...args], {
      env: { ...withoutVitest(process.env), OCRHUB_HOME: home },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    const written = (): Promise<string[]> => readdir(out).catch(() => []);
    await until('the first files', written, (names) => names.length >= 3);
    child.kill('SIGINT');
    expect(await ended).toBe(130);
    const names = await written();
    expect(names.length).toBeLessThan(20);
    expect(stderr).toContain(`Interrupted after ${names.length} of 20 files\n`);
    expect(names.filter((name) => !/^\d\d\.json$/.test(name))).toEqual([]);
    for (const name of names) JSON.parse(await readFile(path.join(out, name), 'utf8'));
    const resumed = await ocrhub(home, [...args, '--resume']);
    expect([resumed.code, resumed.stderr]).toEqual([0, `${names.length} files skipped: the output exists\n`]);
    expect(await written()).toHaveLength(20);
  });
});

describe('run prints', () => {
  it('a JSON object a line with -f jsonl, with the failures', async () => {
    const broken = path.join(fixtures, 'not-a-picture.txt');
    const { code, stdout } = await ocrhub(home, ['run', '-m', await slowPackage(0), broken, line, '-f', 'jsonl']);
    expect(code).toBe(5);
    const rows = stdout
      .trimEnd()
      .split('\n')
      .map((row) => JSON.parse(row) as unknown);
    expect(rows).toMatchObject([
      { file: broken, error: { code: 'image_unreadable' } },
      { file: line, result: [{ confidence: 1 }] },
    ]);
  });

  it('the written files with --json', async () => {
    const module = await slowPackage(0);
    const file = path.join(folder, 'line.txt');
    const [result] = await ocrhubJson<object[]>(home, ['run', '-m', module, line, '-o', file]);
    expect(result).toMatchObject({ file: line, output: file });
    expect(result).not.toHaveProperty('result');
  });

  it.each([
    [['-f', 'jsonl', '--json'], '--json: it prints one list of answers, and -f jsonl prints something else'],
    [['-f', 'text', '--json'], '--json: it prints one list of answers, and -f text prints something else'],
    [['--pages', '3-1'], '--pages is "3-1": the range 3-1 ends before it begins'],
    [['--resume'], '--output'],
    [['-f', 'word'], 'Expected --format=word to be one of: text, markdown,'],
    [['-f', 'hocr', line, path.join(fixtures, 'tiny.png')], 'Name a file or a folder: -o out/'],
  ])('nothing with %j, which is a usage error', async (flags, message) => {
    const { code, stdout, stderr } = await ocrhub(home, ['run', line, ...flags]);
    expect(code).toBe(2);
    expect(stdout + stderr).toContain(message);
    expect(await readdir(home).catch(() => [])).toEqual([]);
  });
});
