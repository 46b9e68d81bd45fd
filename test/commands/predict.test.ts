import { chmod, cp, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { ocrhub, ocrhubJson, root } from '../helpers/cli.js';
import { namesIn } from '../helpers/files.js';
import { freePort, temporaryFolder } from '../helpers/home.js';
import { envelope, ServerGone, stubServer } from '../helpers/stub-server.js';

interface Sent {
  readonly file: string;
  readonly ms?: number;
  readonly response?: { readonly results: unknown };
  readonly error?: { readonly code: string; readonly message: string; readonly hint: string };
  readonly drawn?: string;
}

const pixel = path.join('test', 'fixtures', 'pixel.png');
const tiny = path.join('test', 'fixtures', 'tiny.png');
const blank = path.join('test', 'fixtures', 'blank.png');
const region = [
  [0, 0],
  [9, 0],
  [9, 9],
  [0, 9],
];
const lines = [
  { text: 'Green tea', confidence: 0.99731, text_region: region },
  { text: '68.00', confidence: 0.5, text_region: region },
];

let home: string;

beforeEach(async () => {
  home = await temporaryFolder();
});

/** Times differ from run to run. */
const withoutTimes = (text: string): string => text.replace(/\b\d+ ms/g, '# ms');

describe('predict', () => {
  it("prints each file's lines and time, and the average", async () => {
    const server = await stubServer(() => ({ http: 200, text: envelope([lines]) }));
    const { code, stdout, stderr } = await ocrhub(home, ['predict', `${server.url}/predict/ocr_system`, pixel, tiny]);
    const text = '  0.997  Green tea\n  0.500  68.00\n';
    expect([code, stderr]).toEqual([0, '']);
    expect(withoutTimes(stdout)).toBe(`${pixel}  # ms\n${text}${tiny}  # ms\n${text}average # ms a file, 2 files\n`);
  });

  it('counts a single picture as one', async () => {
    const server = await stubServer(() => ({ http: 200, text: envelope([lines]) }));
    const { stdout } = await ocrhub(home, ['predict', `${server.url}/predict/ocr_system`, pixel]);
    expect(withoutTimes(stdout)).toMatch(/\naverage # ms a file, 1 file\n$/);
  });

  it('prints file, ms and response of each with --json', async () => {
    const server = await stubServer(() => ({ http: 200, text: envelope([lines]) }));
    const sent = await ocrhubJson<Sent[]>(home, ['predict', `${server.url}/predict/ocr_system`, pixel]);
    expect(sent).toEqual([
      { file: pixel, ms: expect.any(Number) as number, response: { msg: '', results: [lines], status: '000' } },
    ]);
  });

  it('prints entries of an unknown shape as JSON', async () => {
    const server = await stubServer(() => ({ http: 200, text: envelope([[{ angle: '180', confidence: 1 }]]) }));
    const { stdout } = await ocrhub(home, ['predict', `${server.url}/predict/ocr_cls`, pixel]);
    expect(stdout).toContain('\n  {"angle":"180","confidence":1}\n');
  });

  it('sends each picture of a folder and its subfolders in a request of its own', async () => {
    const server = await stubServer(() => ({ http: 200, text: envelope([[]]) }));
    const names = (await readdir(path.join(root, path.dirname(pixel)), { recursive: true })).filter((name) =>
      /\.(jpg|png|webp|tiff|gif|bmp)$/.test(name),
    );
    const sent = await ocrhubJson<Sent[]>(home, ['predict', `${server.url}/predict/x`, path.dirname(pixel)]);
    expect(names).toContain('pixel.png');
    expect(sent.map(({ file }) => file)).toEqual(names.sort().map((name) => path.join(path.dirname(pixel), name)));
    expect(server.requests).toHaveLength(sent.length);
  });

  it('continues after a failed picture and exits with 5', async () => {
    const refuse = { http: 422, text: envelope('', { msg: 'No picture could be read', status: '101' }) };
    const server = await stubServer((_, index) => (index === 0 ? refuse : { http: 200, text: envelope([lines]) }));
    const url = `${server.url}/predict/x`;
    const { code, stdout, stderr } = await ocrhub(home, ['predict', url, pixel, tiny]);
    expect(code).toBe(5);
    expect(stdout).toContain(`${pixel}  No picture could be read (HTTP 422, status "101")\n${tiny}  `);
    expect(stderr).toBe('1 of 2 files failed\n');
  });

  it('prints a failed picture in its place with --json and exits with 5', async () => {
    const refuse = { http: 422, text: envelope('', { msg: 'No picture could be read', status: '101' }) };
    const server = await stubServer((_, index) => (index === 0 ? refuse : { http: 200, text: envelope([lines]) }));
    const sent = await ocrhubJson<Sent[]>(home, ['predict', `${server.url}/predict/x`, pixel, tiny], 5);
    expect(sent[0]).toEqual({
      file: pixel,
      error: { code: 'server_refused', message: 'No picture could be read (HTTP 422, status "101")', hint: '' },
    });
    expect(sent[1]).toMatchObject({ file: tiny, response: { results: [lines] } });
  });

  it("prints the server's code and hint of a picture that fails", async () => {
    const text = envelope('', { msg: 'No picture could be read', status: '101' });
    const headers = { 'X-Ocrhub-Error': 'no_image_readable', 'X-Ocrhub-Hint': 'Send a smaller picture: 50 %25.' };
    const server = await stubServer(() => ({ http: 422, text, headers }));
    const args = ['predict', `${server.url}/predict/x`, pixel];
    const { code, stdout } = await ocrhub(home, args);
    expect([code, stdout]).toEqual([
      5,
      `${pixel}  No picture could be read (HTTP 422, status "101")\n  Send a smaller picture: 50 %.\n`,
    ]);
    const [sent] = await ocrhubJson<Sent[]>(home, args, 5);
    expect(sent?.error).toEqual({
      code: 'server_refused',
      message: 'No picture could be read (HTTP 422, status "101")',
      hint: 'Send a smaller picture: 50 %.',
      cause: { code: 'no_image_readable' },
    });
  });

  it.skipIf(process.platform === 'win32')('continues if a subfolder cannot be listed', async () => {
    const server = await stubServer(() => ({ http: 200, text: envelope([lines]) }));
    const folder = await temporaryFolder();
    for (const name of ['a.png', 'b/b.png', 'c.png']) await cp(pixel, path.join(folder, name), { recursive: true });
    for (const readable of [home, folder]) await chmod(readable, 0o755);
    await chmod(path.join(folder, 'b'), 0);
    const args = ['predict', `${server.url}/predict/x`, folder, '--json'];
    const { code, stdout } = await ocrhub(home, args, { cwd: '/', asNobody: true });
    await chmod(path.join(folder, 'b'), 0o755);
    expect(code).toBe(5);
    expect(JSON.parse(stdout)).toMatchObject([
      { file: path.join(folder, 'a.png'), response: { results: [lines] } },
      {
        file: path.join(folder, 'b'),
        error: { code: 'file_unreadable', message: expect.stringContaining('EACCES') as string },
      },
      { file: path.join(folder, 'c.png'), response: { results: [lines] } },
    ]);
  });

  it('draws the regions into copies with --visualize', async () => {
    const server = await stubServer(() => ({ http: 200, text: envelope([lines]) }));
    const folder = path.join(await temporaryFolder(), 'out');
    const url = `${server.url}/predict/x`;
    const [sent] = await ocrhubJson<Sent[]>(home, ['predict', url, pixel, '--visualize', folder]);
    expect(sent?.drawn).toBe(path.join(folder, 'pixel.png.png'));
    expect(await namesIn(folder)).toEqual(['pixel.png.png']);
  });

  it('draws pictures with equal names into different copies', async () => {
    const server = await stubServer(() => ({ http: 200, text: envelope([lines]) }));
    const folder = await temporaryFolder();
    for (const name of ['a', 'b']) await cp(pixel, path.join(folder, name, 'page.png'), { recursive: true });
    const out = path.join(folder, 'out');
    const args = ['predict', `${server.url}/predict/x`, path.join(folder, 'a'), path.join(folder, 'b')];
    const sent = await ocrhubJson<Sent[]>(home, [...args, '--visualize', out]);
    expect(sent.map(({ drawn }) => drawn)).toEqual([path.join(out, 'page.png.png'), path.join(out, 'page.png-2.png')]);
    expect(await namesIn(out)).toHaveLength(2);
  });

  it('prints an answer that cannot be drawn, says so, and exits with 5', async () => {
    const server = await stubServer(() => ({ http: 200, text: envelope([lines]) }));
    const file = path.join(home, 'no-folder');
    await writeFile(file, '');
    const args = ['predict', `${server.url}/predict/x`, pixel, tiny, '--visualize', path.join(file, 'out'), '--json'];
    const { code, stdout, stderr } = await ocrhub(home, args);
    expect(code).toBe(5);
    expect(stderr).toMatch(
      new RegExp(`^${pixel} could not be drawn: .* cannot be written: E.*\n${tiny} could not be drawn: .*\n$`),
    );
    const sent = JSON.parse(stdout) as Sent[];
    expect(sent).toMatchObject([{ file: pixel, response: { results: [lines] } }, { file: tiny }]);
    expect(sent.map(({ drawn }) => drawn)).toEqual([undefined, undefined]);
  });

  it('prints the answers so far when the server goes away, sends nothing more, and exits with 3', async () => {
    const server = await stubServer((_, index) => {
      if (index === 1) throw new ServerGone();
      return { http: 200, text: envelope([lines]) };
    });
    const args = ['predict', `${server.url}/predict/x`, pixel, tiny, blank, '--retries', '0', '--concurrency', '1'];
    const { code, stdout, stderr } = await ocrhub(home, args);
    expect([code, stderr]).toEqual([3, '2 of 3 files failed\n']);
    expect(stdout).toMatch(
      new RegExp(`^${pixel}  \\d+ ms\n.*\n.*\n${tiny}  No server answers at .*\n  Start one: .*\naverage`),
    );
    expect(server.requests).toHaveLength(2);
  });

  it('has an entry for each file with --json when the server goes away', async () => {
    const server = await stubServer((_, index) => {
      if (index === 1) throw new ServerGone();
      return { http: 200, text: envelope([lines]) };
    });
    const args = ['predict', `${server.url}/predict/x`, pixel, tiny, blank, '--retries', '0', '--concurrency', '1'];
    const sent = await ocrhubJson<Sent[]>(home, args, 3);
    expect(sent).toMatchObject([
      { file: pixel, response: { results: [lines] } },
      { file: tiny, error: { code: 'server_unreachable' } },
      { file: blank, error: { code: 'server_unreachable' } },
    ]);
    expect(server.requests).toHaveLength(2);
  });

  it.each(['--token_file', '--token-file'])('sends the token from %s', async (flag) => {
    const server = await stubServer(() => ({ http: 200, text: envelope([]) }));
    const file = path.join(home, 'token.txt');
    await writeFile(file, 'secret\n');
    await ocrhubJson(home, ['predict', `${server.url}/predict/x`, pixel, flag, file]);
    expect(server.requests[0]?.headers.authorization).toBe('Bearer secret');
  });

  it('sends the token from OCRHUB_TOKEN', async () => {
    const server = await stubServer(() => ({ http: 200, text: envelope([]) }));
    await ocrhub(home, ['predict', `${server.url}/predict/x`, pixel], { env: { OCRHUB_TOKEN: 'secret' } });
    expect(server.requests[0]?.headers.authorization).toBe('Bearer secret');
  });
});

describe('predict refuses', () => {
  it('a URL that is not valid', async () => {
    const expected = 'expected an address such as http://127.0.0.1:8868/predict/ocr_system';
    expect(await ocrhub(home, ['predict', 'ocr_system', pixel])).toEqual({
      code: 2,
      stdout: '',
      stderr: `Error: server_url is "ocr_system": ${expected}\n`,
    });
  });

  it('to continue when no server answers', async () => {
    const url = `http://127.0.0.1:${await freePort()}/predict/x`;
    const { code, stdout, stderr } = await ocrhub(home, ['predict', url, pixel, tiny]);
    expect([code, stdout]).toEqual([3, '']);
    expect(stderr).toMatch(
      /^Error: No server answers at .*: connect ECONNREFUSED .*\nStart one: ocrhub serving start /,
    );
    expect(await ocrhubJson(home, ['predict', url, pixel], 3)).toMatchObject({ error: { code: 'server_unreachable' } });
  });

  it('a missing file before it sends anything', async () => {
    const server = await stubServer(() => ({ http: 200, text: envelope([]) }));
    const { code, stderr } = await ocrhub(home, ['predict', `${server.url}/predict/x`, pixel, 'gone.png']);
    expect(code).toBe(3);
    expect(stderr).toBe('Error: gone.png does not exist\n');
    expect(server.requests).toEqual([]);
  });

  it('a folder without pictures', async () => {
    const { code, stderr } = await ocrhub(home, ['predict', 'http://127.0.0.1:1/predict/x', home]);
    expect(code).toBe(3);
    expect(stderr).toContain(`There is no picture and no PDF file in ${home} (.jpg, `);
  });

  it('a token file without a token', async () => {
    const file = path.join(home, 'token.txt');
    await writeFile(file, '\n# nobody yet\n');
    const { code, stderr } = await ocrhub(home, ['predict', 'http://127.0.0.1:1/x', pixel, '--token_file', file]);
    expect(code).toBe(2);
    expect(stderr).toBe(`Error: The token cannot be read from ${file}: it holds no token\n`);
  });

  it('a call without a picture', async () => {
    expect((await ocrhub(home, ['predict', 'http://127.0.0.1:1/predict/x'])).code).toBe(2);
  });
});
