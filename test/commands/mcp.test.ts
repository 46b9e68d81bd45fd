import { execFileSync, spawn } from 'node:child_process';
import { mkdir, symlink, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { ocrhub, ocrhubJson, root, withoutVitest } from '../helpers/cli.js';
import { removeHome, sharedHome, temporaryFolder } from '../helpers/home.js';
import { makePdf } from '../helpers/pdf.js';
import { fixtureBytes } from '../helpers/pictures.js';
import { startServer, type TestServer } from '../helpers/server.js';

/** `ocrhub mcp` with the client of the official SDK. */

const page = path.join(root, 'test', 'fixtures', 'page.png');
const firstLine = '第一章：光学字符识别';

let home: string;

beforeAll(async () => {
  home = await sharedHome();
});

afterAll(() => removeHome(home));

async function connect(args: readonly string[] = [], env: NodeJS.ProcessEnv = {}): Promise<Client> {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [path.join(root, 'bin', 'run.js'), 'mcp', ...args],
    env: { ...(withoutVitest(process.env) as Record<string, string>), OCRHUB_HOME: home, ...(env as object) },
    stderr: 'pipe',
  });
  const client = new Client({ name: 'test', version: '1.0.0' });
  await client.connect(transport);
  onTestFinished(() => client.close());
  return client;
}

type Options = NonNullable<Parameters<Client['callTool']>[1]>;

/** The text of the result, and whether it is an error. */
async function ocr(
  client: Client,
  args: Record<string, unknown>,
  options?: Options,
): Promise<[text: string, isError: boolean]> {
  const { content, isError = false } = await client.callTool({ name: 'ocr', arguments: args }, options);
  const [first] = content as readonly { readonly type: string; readonly text: string }[];
  return [first?.text ?? '', isError];
}

interface Lines {
  readonly pages: readonly {
    readonly page: number;
    readonly width: number;
    readonly lines: readonly { readonly text: string; readonly confidence: number; readonly text_region: number[][] }[];
  }[];
}

describe('without a server', () => {
  it('reads a file by its path, and the same in base64, and lists its module', async () => {
    const client = await connect();
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(['ocr']);
    const [text, isError] = await ocr(client, { path: page });
    expect(isError).toBe(false);
    expect(text.trim().split('\n')).toHaveLength(12);
    expect(text).toContain(firstLine);
    const base64 = Buffer.from(fixtureBytes('page.png')).toString('base64');
    expect(await ocr(client, { base64: `data:image/png;base64,${base64}` })).toEqual([text, false]);
    const [markdown] = await ocr(client, { path: page, output: 'markdown' });
    expect(markdown).toContain(firstLine);
    const { contents } = await client.readResource({ uri: 'ocrhub://modules' });
    const { modules } = JSON.parse((contents as readonly { text: string }[])[0]?.text ?? '') as {
      modules: readonly { name: string; parameters: object }[];
    };
    expect(modules.map(({ name }) => name)).toEqual(['ocr_system']);
    expect(modules[0]?.parameters).toHaveProperty('drop_score');
  });

  it('reads the asked pages of a document with their lines, and tells its progress', async () => {
    const picture = fixtureBytes('page.png');
    const file = path.join(await temporaryFolder(), 'scan.pdf');
    await writeFile(file, await makePdf(Array(3).fill({ picture, size: [760, 330] })));
    const client = await connect();
    const progress: unknown[] = [];
    const onprogress = (each: unknown) => void progress.push(each);
    const [text] = await ocr(client, { path: file, output: 'lines', pages: '2-3' }, { onprogress });
    const { pages } = JSON.parse(text) as Lines;
    expect(pages.map((each) => each.page)).toEqual([2, 3]);
    expect(pages[0]?.lines.map((line) => line.text)).toContain(firstLine);
    expect(pages[0]?.lines[0]?.text_region).toHaveLength(4);
    expect(progress).toMatchObject([
      { progress: 0, total: 2, message: 'page 1 of 2' },
      { progress: 1, total: 2, message: 'page 2 of 2' },
    ]);
  });

  it('takes parameters of the module for one call', async () => {
    const client = await connect(['--set', 'drop_score=0.999999']);
    expect((await ocr(client, { path: page }))[0].trim().split('\n').length).toBeLessThan(12);
    const [text] = await ocr(client, { path: page, parameters: { drop_score: 0.1 } });
    expect(text.trim().split('\n')).toHaveLength(12);
  });

  it('says what is wrong with a call, and answers the next one', async () => {
    const folder = await temporaryFolder();
    const pipe = path.join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const note = path.join(folder, 'note.txt');
    await writeFile(note, 'no picture');
    const large = path.join(folder, 'large.tif');
    await writeFile(large, '');
    await truncate(large, 70_000_000);
    const client = await connect();
    for (const [args, message] of [
      [{}, /^Give exactly one of path, base64 and url; got none$/],
      [{ path: page, url: 'https://example.com/a.png' }, /; got path and url$/],
      [{ path: 'page.png' }, /^The file page\.png cannot be read: expected an absolute path\n/],
      [{ path: path.join(folder, 'nothing') }, /: there is no such file\n/],
      [{ path: folder }, /: it is a folder\n/],
      [{ path: pipe }, /: it is not a regular file\n/],
      [{ path: '/dev/zero' }, /: it is not a regular file\n/],
      [{ path: large }, /: it has 70000000 bytes, more than the limit of 67108864\n/],
      [{ path: note }, /unsupported image format/],
      [{ base64: '?' }, /^base64 is not base64: character "\?" at position 0/],
      [{ url: 'https://example.com/a.png' }, /^Addresses of files are refused/],
      [{ path: page, pages: 'x' }, /: pages is "x": expected page numbers such as 1-3,7 or 5-/],
      [{ path: page, parameters: { drop_scor: 1 } }, /drop_scor/],
      [{ path: page, output: 'pdf' }, /output/],
      [{ path: page, colour: 'red' }, /colour/],
    ] as const) {
      const [text, isError] = await ocr(client, args);
      expect([text, isError]).toEqual([expect.stringMatching(message), true]);
    }
    expect((await ocr(client, { path: page }))[0]).toContain(firstLine);
  });

  it('reads in the folders of --root only, also through links', async () => {
    const folder = await temporaryFolder();
    const inside = path.join(folder, 'inside');
    await mkdir(inside);
    await writeFile(path.join(inside, 'page.png'), fixtureBytes('page.png'));
    await symlink(page, path.join(inside, 'link.png'));
    const client = await connect(['--root', inside]);
    expect((await ocr(client, { path: path.join(inside, 'page.png') }))[0]).toContain(firstLine);
    for (const file of [page, path.join(inside, 'link.png'), path.join(inside, '..', 'other'), inside]) {
      const [text, isError] = await ocr(client, { path: file });
      expect([text, isError]).toEqual([expect.stringMatching(/cannot be read: (it is outside of|there is no)/), true]);
    }
  });

  it('ends a call that the client cancels, between two pages', async () => {
    const picture = fixtureBytes('page.png');
    const file = path.join(await temporaryFolder(), 'scan.pdf');
    await writeFile(file, await makePdf(Array(40).fill({ picture, size: [760, 330] })));
    const client = await connect();
    const cancel = new AbortController();
    let pages = 0;
    const onprogress = (): void => {
      pages += 1;
      if (pages === 2) cancel.abort();
    };
    await expect(ocr(client, { path: file }, { signal: cancel.signal, onprogress })).rejects.toThrow();
    expect((await ocr(client, { path: page }))[0]).toContain(firstLine);
    expect(pages).toBeLessThan(10);
  });

  it('answers a message that is too long, and goes on', async () => {
    const env = { ...withoutVitest(process.env), OCRHUB_HOME: home };
    const child = spawn(process.execPath, [path.join(root, 'bin', 'run.js'), 'mcp'], { env });
    onTestFinished(() => void child.kill('SIGKILL'));
    const params = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'test', version: '1.0.0' } };
    child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params })}\n`);
    const part = Buffer.alloc(1024 ** 2, 'x');
    for (let i = 0; i < 97; i++) child.stdin.write(part);
    child.stdin.write('\n{"jsonrpc":"2.0","id":2,"method":"ping"}\n');
    const answers: unknown[] = [];
    for await (const line of createInterface(child.stdout)) {
      answers.push(JSON.parse(line));
      if (answers.length === 3) break;
    }
    expect(answers).toMatchObject([
      { id: 1, result: {} },
      { id: null, error: { code: -32_600, message: 'A message has more than 100663296 bytes and is not read' } },
      { id: 2, result: {} },
    ]);
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
  });

  it('ends when the client closes standard input', async () => {
    const { code, stdout } = await ocrhub(home, ['mcp'], { stdin: Buffer.from('') });
    expect([code, stdout]).toEqual([0, '']);
  });
});

it.each([
  [['--root', '/nowhere'], /--root/],
  [['--url', 'localhost:8868'], /--url/],
  [['--url', 'http://127.0.0.1:8868/predict/ocr_system'], /--url/],
  [['--allow_urls', 'https://example.com/'], /--allow_urls/],
  [['--set', 'a=1', '--url', 'http://127.0.0.1:8868'], /--set/],
])('refuses %j at the start', async (flags, message) => {
  const { code, stdout, stderr } = await ocrhub(home, ['mcp', ...flags]);
  expect([code, stdout, stderr]).toEqual([2, '', expect.stringMatching(message)]);
});

describe('with --url', () => {
  let server: TestServer;

  beforeAll(async () => {
    await ocrhubJson(home, ['install', 'ocr_system']);
    server = await startServer(home, { flags: ['-m', 'ocr_system'], env: { OCRHUB_TOKEN: 'secret' } });
  });

  it('reads with the server, and gives its token', async () => {
    const client = await connect(['--url', server.url], { OCRHUB_TOKEN: 'secret' });
    expect((await ocr(client, { path: page }))[0]).toContain(firstLine);
    const [text] = await ocr(client, { path: page, output: 'lines', parameters: { drop_score: 0.1 } });
    expect((JSON.parse(text) as Lines).pages[0]?.lines).toHaveLength(12);
    const { contents } = await client.readResource({ uri: 'ocrhub://modules' });
    expect((contents as readonly { text: string }[])[0]?.text).toContain('"route": "ocr_system"');
  });

  it.each([
    [{}, /token/],
    [{ OCRHUB_TOKEN: 'wrong' }, /token/],
  ])('says why the server refuses a call %#', async (env, message) => {
    const client = await connect(['--url', server.url], env);
    const [text, isError] = await ocr(client, { path: page });
    expect([text, isError]).toEqual([expect.stringMatching(message), true]);
  });

  it('says that no server answers', async () => {
    const client = await connect(['--url', 'http://127.0.0.1:9']);
    const [text, isError] = await ocr(client, { path: page });
    expect([text, isError]).toEqual([expect.stringMatching(/127\.0\.0\.1:9/), true]);
  });
});
