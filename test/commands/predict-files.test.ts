import { spawn } from 'node:child_process';
import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { ocrhub, ocrhubJson, root, withoutVitest } from '../helpers/cli.js';
import { temporaryFolder, temporaryHome } from '../helpers/home.js';
import { makePdf } from '../helpers/pdf.js';
import { startServer, until } from '../helpers/server.js';
import { envelope, ServerGone, stubServer, type StubRequest } from '../helpers/stub-server.js';

const fixtures = path.join(root, 'test', 'fixtures');
const [pixel, tiny, blank, line] = ['pixel.png', 'tiny.png', 'blank.png', 'line.png'].map((name) =>
  path.join(fixtures, name),
) as [string, string, string, string];

const answered = { http: 200, text: envelope([[]]) };
const plain = (text: string) => ({ http: 200, text, headers: { 'Content-Type': 'text/plain; charset=utf-8' } });

let home: string;

beforeEach(async () => {
  home = await temporaryFolder();
});

async function copies(count: number): Promise<string> {
  const folder = path.join(home, 'scans');
  await mkdir(folder);
  for (let i = 10; i < 10 + count; i++) await cp(tiny, path.join(folder, `${i}.png`));
  return folder;
}

describe('predict with many files', () => {
  it('sends --concurrency requests at a time and prints the answers in the order of the files', async () => {
    let running = 0;
    let most = 0;
    const server = await stubServer((_, index) => {
      most = Math.max(most, ++running);
      const delay = 200 - 10 * index;
      setTimeout(() => running--, delay);
      return { ...answered, delay };
    });
    const folder = await copies(8);
    const sent = await ocrhubJson<{ file: string }[]>(home, [
      'predict',
      `${server.url}/predict/x`,
      folder,
      '--concurrency',
      '4',
    ]);
    expect(most).toBe(4);
    expect(sent.map(({ file }) => path.basename(file))).toEqual((await readdir(folder)).sort());
  });

  it('prints JSON Lines as the answers come', async () => {
    const slow = (await readFile(blank)).toString('base64');
    const server = await stubServer(({ body }) => ({ ...answered, delay: body.includes(slow) ? 1500 : 0 }));
    // The first file is sent alone.
    const args = ['predict', `${server.url}/predict/x`, pixel, blank, tiny, '-f', 'jsonl'];
    const { code, stdout, stderr } = await ocrhub(home, args);
    expect([code, stderr]).toEqual([0, '']);
    const files = stdout
      .trimEnd()
      .split('\n')
      .map((row) => (JSON.parse(row) as { file: string }).file);
    expect(files).toEqual([pixel, tiny, blank]);
  });

  it('waits for a busy server as long as Retry-After says', async () => {
    const busy = { http: 429, text: envelope('', { status: '101' }), headers: { 'Retry-After': '1' } };
    const times: number[] = [];
    const server = await stubServer((_, index) => {
      times.push(performance.now());
      return index < 2 ? busy : answered;
    });
    const { code, stderr } = await ocrhub(home, ['predict', `${server.url}/predict/x`, pixel]);
    expect([code, stderr, times.length]).toEqual([0, '', 3]);
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThan(990);
  });

  it('gives up after --retries and goes on with the other files', async () => {
    const first = (await readFile(pixel)).toString('base64');
    const busy = { http: 503, text: envelope('', { msg: 'busy', status: '101' }), headers: { 'Retry-After': '0' } };
    const server = await stubServer(({ body }) => (body.includes(first) ? busy : answered));
    const args = ['predict', `${server.url}/predict/x`, pixel, tiny, '--retries', '2'];
    const { code, stdout } = await ocrhub(home, args);
    expect([code, server.requests.length]).toEqual([5, 4]);
    expect(stdout).toContain(`${pixel}  busy (HTTP 503, status "101")\n${tiny}  `);
  });

  it('sends again after a connection that broke', async () => {
    const server = await stubServer((_, index) => {
      if (index === 1) throw new ServerGone();
      return answered;
    });
    expect((await ocrhub(home, ['predict', `${server.url}/predict/x`, pixel, tiny])).code).toBe(0);
    expect(server.requests).toHaveLength(3);
  });

  it('writes each answer to a folder and prints its name', async () => {
    const nameOf = ({ body }: StubRequest): string => /filename="([^"]*)"/.exec(body)?.[1] ?? '';
    const server = await stubServer((request) => plain(`${nameOf(request)}\n`));
    const out = path.join(home, 'out');
    const args = ['predict', `${server.url}/predict/x`, await copies(3), '-f', 'text', '--paragraphs', '-o', out];
    const { code, stdout, stderr } = await ocrhub(home, args);
    const files = ['10', '11', '12'].map((name) => path.join(out, `${name}.txt`));
    expect([code, stdout, stderr]).toEqual([0, `${files.join('\n')}\n`, '']);
    expect(await readFile(path.join(out, '11.txt'), 'utf8')).toBe('11.png\n');
    expect(server.requests[0]?.body).toContain('name="paragraphs"\r\n\r\ntrue\r\n');
    expect((await ocrhub(home, [...args, '--resume'])).stderr).toBe('3 files skipped: the output exists\n');
    expect(server.requests).toHaveLength(3);
  });

  it.skipIf(process.platform === 'win32')('leaves whole files only on Ctrl-C and exits with 130', async () => {
    const text = 'page\n'.repeat(100_000);
    const server = await stubServer(() => ({ ...plain(text), delay: 50 }));
    const out = path.join(home, 'out');
    const args = ['predict', `${server.url}/predict/x`, await copies(20), '-f', 'text', '-o', out];
    const child = spawn(process.execPath, [path.join(root, 'bin', 'run.js'), ...args], {
      env: { ...withoutVitest(process.env), OCRHUB_HOME: home },
      stdio: 'ignore',
    });
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    const written = (): Promise<string[]> => readdir(out).catch(() => []);
    await until('the first files', written, (names) => names.length >= 3);
    child.kill('SIGINT');
    expect(await ended).toBe(130);
    const names = await written();
    expect(names.length).toBeLessThan(20);
    expect(names.filter((name) => !/^\d\d\.txt$/.test(name))).toEqual([]);
    for (const name of names) expect(await readFile(path.join(out, name), 'utf8')).toBe(text);
  });

  it.each([
    [['-f', 'text', '--visualize'], '--visualize: the server answers with a file of the format text'],
    [['--concurrency', '0'], '--concurrency'],
    [['--field', 'drop_score'], '--field is "drop_score": expected name=value'],
  ])('refuses %j before it sends anything', async (flags, message) => {
    const server = await stubServer(() => answered);
    const { code, stderr } = await ocrhub(home, ['predict', `${server.url}/predict/x`, pixel, ...flags]);
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
    expect(server.requests).toEqual([]);
  });
});

describe('predict with a server of ocrhub', () => {
  it('reads pictures, PDF files and standard input, in every way', async () => {
    const served = await temporaryHome();
    const server = await startServer(served, { flags: ['-m', path.join(root, 'src', 'modules', 'ocr_system')] });
    const url = `${server.url}/predict/ocr_system`;
    const pdf = path.join(home, 'two.pdf');
    await writeFile(pdf, await makePdf([{ text: ['First page'] }, { text: ['Second page'] }], { password: 'geheim' }));

    const rows = await ocrhub(home, ['predict', url, pdf, line, '--password', 'geheim', '--use_text_layer']);
    expect([rows.code, rows.stderr]).toEqual([0, '']);
    expect(rows.stdout).toMatch(
      /two\.pdf {2}\d+ ms\n {2}page 1\n {2}1\.000 {2}First page\n {2}page 2\n {2}1\.000 {2}Second page\n.*line\.png/,
    );

    const out = path.join(home, 'out');
    await ocrhub(home, ['predict', url, pdf, line, '-f', 'text', '-o', out, '--pages', '1-', '--password', 'geheim']);
    expect(await readFile(path.join(out, 'two.txt'), 'utf8')).toBe('First page\n\fSecond page\n');
    const printed = await ocrhub(home, ['predict', url, '-', '-f', 'text'], { stdin: await readFile(line) });
    expect([printed.code, printed.stdout]).toEqual([0, await readFile(path.join(out, 'line.txt'), 'utf8')]);
    expect((await ocrhub(home, ['run', line])).stdout).toBe(printed.stdout);

    const drawings = ['predict', url, pdf, '--password', 'geheim', '--visualize', '--json'];
    const { stdout } = await ocrhub(home, drawings);
    expect(JSON.parse(stdout)).toMatchObject([
      { drawn: [1, 2].map((page) => path.join(home, `two.page-${page}.lines.png`)) },
    ]);

    const locked = await ocrhub(home, ['predict', url, pdf, line]);
    expect([locked.code, locked.stdout]).toEqual([5, expect.stringContaining(`${pdf}  No picture could be read`)]);
  });
});
