import { readFile } from 'node:fs/promises';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { root } from '../helpers/cli.js';
import { send } from '../helpers/http.js';
import { startLinesServer } from '../helpers/lines-server.js';

const built = path.join(root, 'dist', 'page');
const names = readdirSync(built);
const html = readFileSync(path.join(built, 'index.html'), 'utf8');

const hubServingSentence =
  '暂不提供可视化界面，请直接使用脚本进行请求。<br/>No visual interface is provided for the time being, please use the python script to make a request directly.';
const browser = {
  Accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
  'User-Agent': 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36',
};

function nameWith(extension: string): string {
  return names.find((name) => name.endsWith(extension)) ?? '';
}

describe('/ui/', () => {
  it('answers the page with a policy that allows its own files alone', async () => {
    const { url } = await startLinesServer({ http: { ui: true } });
    const { http, headers, text } = await send(`${url}/ui/`);
    expect([http, text]).toEqual([200, html]);
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-cache',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'content-security-policy':
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
    });
  });

  it.each(['.js', '.css', '.svg'])(
    'sends its %s file, which browsers keep for ever under its name',
    async (extension) => {
      const { url } = await startLinesServer({ http: { ui: true } });
      const name = nameWith(extension);
      expect(name).toMatch(/^\w+-[A-Z0-9]{8}\.\w+$/);
      const { http, headers, text } = await send(`${url}/ui/${name}`);
      expect([http, text]).toEqual([200, await readFile(path.join(built, name), 'utf8')]);
      expect(headers['cache-control']).toBe('public, max-age=31536000, immutable');
    },
  );

  it('sends gzip to a client that takes it, and says that the answer varies', async () => {
    const { url } = await startLinesServer({ http: { ui: true } });
    // fetch decodes the body.
    const response = await fetch(`${url}/ui/${nameWith('.js')}`, { headers: { 'Accept-Encoding': 'gzip' } });
    expect(response.headers.get('content-encoding')).toBe('gzip');
    expect(response.headers.get('vary')).toContain('Accept-Encoding');
    expect(Number(response.headers.get('content-length'))).toBeLessThan(30_000);
    expect(await response.text()).toBe(await readFile(path.join(built, nameWith('.js')), 'utf8'));
    const plain = await send(`${url}/ui/`, { headers: { 'Accept-Encoding': 'identity' } });
    expect(plain.headers['content-encoding']).toBeUndefined();
  });

  it('answers 304 to a browser that has the file, and the file to one that has another', async () => {
    const { url } = await startLinesServer({ http: { ui: true } });
    const { etag = '' } = (await send(`${url}/ui/`)).headers;
    const same = await send(`${url}/ui/`, { headers: { 'If-None-Match': etag } });
    expect([same.http, same.text, same.headers.etag]).toEqual([304, '', etag]);
    const other = await send(`${url}/ui/`, { headers: { 'If-None-Match': 'W/"other"' } });
    expect([other.http, other.text]).toEqual([200, html]);
  });

  it('answers HEAD with the headers of GET', async () => {
    const { url } = await startLinesServer({ http: { ui: true } });
    const [get, head] = [await send(`${url}/ui/`), await send(`${url}/ui/`, { method: 'HEAD' })];
    expect([head.http, head.text]).toEqual([200, '']);
    expect(head.headers).toMatchObject({ etag: get.headers.etag, 'content-length': get.headers['content-length'] });
  });

  it('lies below the base path of the server, and a browser at that path is sent there', async () => {
    const { url } = await startLinesServer({ http: { ui: true, basePath: '/tools/ocr' } });
    expect((await send(`${url}/tools/ocr/ui/`)).text).toBe(html);
    expect((await send(`${url}/ui/`)).http).toBe(404);
    for (const start of [`${url}/tools/ocr/`, `${url}/tools/ocr`, `${url}/tools/ocr?from=/x`]) {
      const { headers } = await send(start, { headers: browser });
      expect(new URL(headers.location ?? '', start).pathname).toBe('/tools/ocr/ui/');
    }
  });

  it('needs no token', async () => {
    const { url } = await startLinesServer({ http: { ui: true }, token: 'sesame' });
    expect((await send(`${url}/ui/`)).http).toBe(200);
  });

  it('refuses other methods with the ones that it takes', async () => {
    const { url } = await startLinesServer({ http: { ui: true } });
    const { http, headers } = await send(`${url}/ui/`, { method: 'POST', body: 'x' });
    expect([http, headers.allow]).toEqual([405, 'GET, HEAD, OPTIONS']);
  });

  it('is where /ui leads, with an address that also fits below the path of a proxy', async () => {
    const { url } = await startLinesServer({ http: { ui: true } });
    const { http, headers } = await send(`${url}/ui`);
    expect([http, headers.location]).toEqual([302, 'ui/']);
  });

  it.each([
    '../package.json',
    '..%2f..%2fpackage.json',
    '%2e%2e/%2e%2e/package.json',
    '..%5c..%5cpackage.json',
    'index.html%00.svg',
    '%2fetc%2fpasswd',
    '/etc/passwd',
    'constructor',
    '__proto__',
    'page.tsx',
    'sub/index.html',
  ])('has no file %s', async (name) => {
    const { url } = await startLinesServer({ http: { ui: true } });
    const { http, headers, text } = await send(`${url}/ui/${name}`);
    expect([400, 404]).toContain(http);
    expect(headers['content-type']).toBe('application/json; charset=utf-8');
    expect(text).not.toMatch(/"version"|root:|<html/);
  });

  it('is not there on a server without the page', async () => {
    const { url } = await startLinesServer();
    expect((await send(`${url}/ui/`)).http).toBe(404);
    expect((await send(`${url}/`, { headers: browser })).text).toBe(hubServingSentence);
  });
});

describe('/', () => {
  it('sends a browser to the page, with an address that also fits below the path of a proxy', async () => {
    const { url } = await startLinesServer({ http: { ui: true } });
    const { http, headers } = await send(`${url}/`, { headers: browser });
    expect([http, headers.location, headers['cache-control']]).toEqual([302, 'ui/', 'no-store']);
    expect(headers.vary).toMatch(/Accept.*User-Agent/);
  });

  it.each([
    ['curl', { 'User-Agent': 'curl/8.5.0', Accept: '*/*' }],
    ["Python's requests", { 'User-Agent': 'python-requests/2.32.3', Accept: '*/*' }],
    ['a script that calls itself Mozilla', { 'User-Agent': 'Mozilla/4.0 (compatible; MSIE 6.0)', Accept: '*/*' }],
    ['a crawler that takes HTML', { 'User-Agent': 'monitor/1.0', Accept: 'text/html' }],
    ['a client without headers', {}],
  ])("answers HubServing's sentence to %s", async (_, headers) => {
    const { url } = await startLinesServer({ http: { ui: true } });
    const { http, text } = await send(`${url}/`, { headers });
    expect([http, text]).toEqual([200, hubServingSentence]);
  });

  it("answers HubServing's sentence to a browser that posts", async () => {
    const { url } = await startLinesServer({ http: { ui: true } });
    expect((await send(`${url}/`, { method: 'POST', headers: browser })).text).toBe(hubServingSentence);
  });
});

describe('the built page', () => {
  it('is at most 40 kB with gzip in all', () => {
    const sizes = names.map((name) => gzipSync(readFileSync(path.join(built, name)), { level: 9 }).length);
    expect(names.length).toBe(4);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(40_000);
  });

  it('names its own files alone, relative to /ui/, and has no script or style of its own', () => {
    const addresses = [...html.matchAll(/(?:src|href)="(.*?)"/g)].map(([, address]) => address);
    expect(addresses.sort()).toEqual(names.filter((name) => name !== 'index.html').sort());
    expect(html).not.toMatch(/<style|style=|\son\w+=|<script(?![^>]*\ssrc=)/);
  });

  it('names no other address than the namespaces of SVG and MathML, and makes no markup of texts', () => {
    const script = readFileSync(path.join(built, nameWith('.js')), 'utf8');
    const style = readFileSync(path.join(built, nameWith('.css')), 'utf8');
    const hosts = [...script.matchAll(/https?:\/\/([^/"'`\s]+)/g)].map(([, host]) => host);
    expect(new Set(hosts)).toEqual(new Set(['www.w3.org']));
    expect(style).not.toMatch(/url\(|@import/);
    expect(script).not.toMatch(/\beval\(|new Function|document\.write|insertAdjacentHTML|outerHTML/);
  });
});
