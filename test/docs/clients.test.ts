import { execFile, spawnSync } from 'node:child_process';
import { copyFile, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { createContext, runInContext } from 'node:vm';
import { build } from 'esbuild';
import { lexer, type Token } from 'marked';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ocrhub, root } from '../helpers/cli.js';
import { removeHome, sharedHome, temporaryFolder } from '../helpers/home.js';
import { makePdf } from '../helpers/pdf.js';
import { startServer, type TestServer } from '../helpers/server.js';

interface Snippet {
  readonly heading: string;
  readonly language: string;
  readonly code: string;
}

const snippets = snippetsOf(await readFile(path.join(root, 'docs', 'clients.md'), 'utf8'));
const token = 'a-token-of-the-test';
const notice = 'Mountain and River Tea House';

/** What each snippet prints. */
const expected: Record<string, RegExp> = {
  'A file with curl': /^Mountain and River Tea House$/m,
  'A searchable PDF with curl': /^$/,
  'A form with curl': /^\{"documents":\[\{"name":"page\.jpg".*Mountain and River Tea House.*"name":"scan\.pdf".*TOTAL/,
  'JSON with curl': /^\{"msg":"","results":\[\[\{"confidence":.*Mountain and River Tea House.*"status":"000"\}/,
  'A token with curl': /^Mountain and River Tea House$/m,
  requests: /^1 [\d.]+ CORNER MARKET \[\[\d+, \d+\][^]*^2 [\d.]+ Mountain and River Tea House \[\[/m,
  'requests with JSON': /^[\d.]+ Mountain and River Tea House \[\[\d+, \d+\]/m,
  'The standard library': /^Mountain and River Tea House$/m,
  fetch: /^Mountain and River Tea House$/m,
  'ocrhub/client':
    /^1 CORNER MARKET 2$[^]*^2 Mountain and River Tea House 5$[^]*^Mountain and River Tea House\n[^]*^16\n$/m,
  'Errors of ocrhub/client': /^422 no_image_readable .+ [\da-f-]{36}\n$/m,
};

it('docs/clients.md has a heading of its own for each snippet, and each is run', () => {
  const headings = snippets.map(({ heading }) => heading);
  expect(headings.sort()).toEqual([...Object.keys(expected), 'Browser'].sort());
});

describe('docs/clients.md', () => {
  let home: string;
  let server: TestServer;
  let closed: TestServer;

  beforeAll(async () => {
    home = await sharedHome();
    await ocrhub(home, ['install', path.join('src', 'modules', 'ocr_system')]);
    server = await startServer(home, { flags: ['-m', 'ocr_system'] });
    closed = await startServer(home, { flags: ['-m', 'ocr_system'], env: { OCRHUB_TOKEN: token } });
  });

  afterAll(() => removeHome(home));

  it.for(snippets.filter(({ heading }) => heading !== 'Browser'))(
    'the snippet $heading does what the page says',
    async ({ heading, language, code }, { skip }) => {
      const missing = missingProgram(language, code);
      skip(missing !== undefined, `${missing ?? ''} is not installed`);
      const folder = await folderWithFiles();
      const { url } = heading.includes('token') ? closed : server;
      const { stdout } = await runSnippet(folder, language, code.replaceAll('http://127.0.0.1:8868', url));
      expect(stdout).toMatch(expected[heading] ?? /never/);
      if (code.includes('searchable.pdf')) {
        const pdf = await readFile(path.join(folder, 'searchable.pdf'));
        expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
      }
    },
  );

  it('the snippet for a browser shows the text of the file that the user chooses', async () => {
    const html = snippets.find(({ heading }) => heading === 'Browser')?.code ?? '';
    const script = /<script type="module">(.*)<\/script>/s.exec(html)?.[1] ?? '';
    const { outputFiles } = await build({
      stdin: { contents: script, resolveDir: root },
      bundle: true,
      platform: 'browser',
      format: 'iife',
      write: false,
    });
    const elements = Object.fromEntries(
      [...html.matchAll(/id="(\w+)"/g)].map(([, id = '']) => [id, new FakeElement()]),
    );
    const { fetch, Blob, FormData, AbortSignal, URL, btoa, setTimeout, clearTimeout } = globalThis;
    const web = { fetch, Blob, FormData, AbortSignal, URL, btoa, setTimeout, clearTimeout };
    const page = { location: { origin: server.url }, document: { getElementById: (id: string) => elements[id] } };
    runInContext(outputFiles[0]?.text ?? '', createContext({ ...web, ...page }));
    const files = [new File([await readFile(path.join(root, 'test', 'fixtures', 'demo.jpg'))], 'demo.jpg')];
    await elements['file']?.listener?.({ target: { files } });
    expect(elements['text']?.textContent).toContain(notice);
  });
});

/** What the snippet for a browser uses of an element. */
class FakeElement {
  textContent = '';
  listener: ((event: unknown) => Promise<void>) | undefined;

  addEventListener(_: string, listener: (event: unknown) => Promise<void>): void {
    this.listener = listener;
  }
}

function snippetsOf(page: string): Snippet[] {
  let heading = '';
  return lexer(page).flatMap((token: Token) => {
    if (token.type === 'heading') heading = (token as { text: string }).text;
    if (token.type !== 'code') return [];
    const { lang: language = '', text: code } = token as { lang?: string; text: string };
    // Blocks without a language show how to start a server.
    return language === '' ? [] : [{ heading, language, code }];
  });
}

function missingProgram(language: string, code: string): string | undefined {
  const runs = (...command: [string, ...string[]]): boolean => spawnSync(command[0], command.slice(1)).status === 0;
  if (language === 'sh' && !runs('curl', '--version')) return 'curl';
  if (language === 'python' && !runs('python3', '--version')) return 'python3';
  if (/^import requests$/m.test(code) && !runs('python3', '-c', 'import requests')) return "Python's requests";
  return undefined;
}

/** A folder with page.jpg, a scan.pdf of two pages, and the package ocrhub. */
async function folderWithFiles(): Promise<string> {
  const folder = await temporaryFolder();
  const fixture = (name: string): string => path.join(root, 'test', 'fixtures', name);
  await copyFile(fixture('demo.jpg'), path.join(folder, 'page.jpg'));
  const receipt = { picture: await readFile(fixture('receipt.jpg')), size: [200, 450] } as const;
  const second = { picture: await readFile(fixture('demo.jpg')), size: [500, 350] } as const;
  await writeFile(path.join(folder, 'scan.pdf'), await makePdf([receipt, second]));
  await mkdir(path.join(folder, 'node_modules'));
  await symlink(root, path.join(folder, 'node_modules', 'ocrhub'), 'junction');
  return folder;
}

async function runSnippet(folder: string, language: string, code: string): Promise<{ stdout: string }> {
  const [command, extension] =
    { sh: ['bash', 'sh'], python: ['python3', 'py'], js: [process.execPath, 'mjs'] }[language] ?? [];
  if (command === undefined || extension === undefined) throw new Error(`no program runs snippets in ${language}`);
  const file = path.join(folder, `snippet.${extension}`);
  await writeFile(file, language === 'sh' ? `set -euo pipefail\n${code}\n` : code);
  const { PATH = '' } = process.env;

  return promisify(execFile)(command, [file], { cwd: folder, env: { PATH, OCRHUB_TOKEN: token, LANG: 'C.UTF-8' } });
}
