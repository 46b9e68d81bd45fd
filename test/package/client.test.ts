import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createContext, runInContext } from 'node:vm';
import { build } from 'esbuild';
import ts from 'typescript';
import { expect, it } from 'vitest';
import { root } from '../helpers/cli.js';
import { temporaryFolder } from '../helpers/home.js';
import { envelope, stubServer } from '../helpers/stub-server.js';

const folder = path.join(root, 'dist', 'runtime', 'fetch-client');

/** What browsers, Deno and workers have in common, as far as the client uses it. */
const { fetch, Blob, FormData, AbortController, AbortSignal, URL, btoa, setTimeout, clearTimeout } = globalThis;
const webGlobals = { fetch, Blob, FormData, AbortController, AbortSignal, URL, btoa, setTimeout, clearTimeout };

it('the bundle of ocrhub/client imports nothing and names nothing of Node', async () => {
  const code = await readFile(path.join(folder, 'index.js'), 'utf8');
  expect(code).toContain('OcrhubClient');
  expect(code).not.toMatch(/node:|\brequire\b|\bprocess\.|\bBuffer\b|__dirname|^import\b|\bimport\(/m);
});

it('ocrhub/client, bundled for a browser, reads a file with the globals of the web alone', async () => {
  const documents = [{ name: 'file-1', pages: [] }];
  const { url, requests } = await stubServer(({ body }) => ({
    http: 200,
    text: body.includes('multipart') || body.includes('form-data') ? JSON.stringify({ documents }) : envelope([]),
  }));
  const program = `
    import { OcrhubClient } from 'ocrhub/client';
    globalThis.result = (async () => {
      const client = new OcrhubClient(${JSON.stringify(url)}, { token: 'secret' });
      const picture = new Uint8Array([1, 2, 3]);
      const read = await client.read(picture, { pages: '2' });
      await client.read(picture.buffer);
      const { results } = await client.predict([picture, picture.buffer]);
      return JSON.stringify({ read, results });
    })();`;
  const { outputFiles } = await build({
    stdin: { contents: program, resolveDir: root },
    bundle: true,
    platform: 'browser',
    format: 'iife',
    write: false,
  });
  const context = createContext({ ...webGlobals });
  runInContext(outputFiles[0]?.text ?? '', context);
  const { result } = context as { result?: Promise<string> };
  expect(JSON.parse((await result) ?? '')).toEqual({ read: documents, results: [] });
  expect(requests.map(({ headers }) => headers.authorization)).toEqual(Array(3).fill('Bearer secret'));
  expect(requests[0]?.headers['content-type']).toMatch(/^multipart\/form-data; boundary=/);
  expect(requests[0]?.body).toContain('name="pages"\r\n\r\n2\r\n');
  expect(JSON.parse(requests[2]?.body ?? '')).toEqual({ images: ['AQID', 'AQID'] });
});

it('a program that uses ocrhub/client compiles with the types of the web alone, and of Node alone', async () => {
  const user = path.join(await temporaryFolder(), 'user.ts');
  const index = path.join(folder, 'index.js').replaceAll('\\', '/');
  await writeFile(
    user,
    `import { OcrhubClient, OcrhubError, type OcrDocument } from '${index}';
    const client = new OcrhubClient('http://127.0.0.1:8868', { fetch, retries: 2 });
    export async function read(file: Blob): Promise<readonly OcrDocument[]> {
      const hocr: string = await client.readAs('hocr', file, { signal: AbortSignal.timeout(1000) });
      const pdf: Blob = new Blob([await client.readAs('pdf', file), hocr]);
      try { return await client.read(pdf); } catch (error) {
        if (error instanceof OcrhubError && error.status === 429) return [];
        throw error;
      }
    }`,
  );
  const common = { noEmit: true, strict: true, skipLibCheck: false, exactOptionalPropertyTypes: true };
  const modules = { module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler };
  const problemsWith = (options: ts.CompilerOptions): string[] => {
    const program = ts.createProgram([user], { ...common, ...modules, target: ts.ScriptTarget.ES2022, ...options });
    return ts
      .getPreEmitDiagnostics(program)
      .filter(({ file }) => file?.fileName.includes('node_modules') !== true)
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
  };
  expect(problemsWith({ lib: ['lib.es2022.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'], types: [] })).toEqual([]);
  const typeRoots = [path.join(root, 'node_modules', '@types')];
  expect(problemsWith({ lib: ['lib.es2022.d.ts'], types: ['node'], typeRoots })).toEqual([]);
});

it('the types of ocrhub/client import nothing but each other', async () => {
  const types = (await readdir(folder)).filter((name) => name.endsWith('.d.ts'));
  expect(types.length).toBeGreaterThan(2);
  for (const name of types) {
    const text = await readFile(path.join(folder, name), 'utf8');
    const imported = [...text.matchAll(/from ['"](.*?)['"]/g)].map(([, from = '']) => from.replace('.js', '.d.ts'));
    expect(types.map((type) => `./${type}`)).toEqual(expect.arrayContaining(imported));
  }
});
