import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ocrhub, root } from '../helpers/cli.js';
import { makePdf } from '../helpers/pdf.js';
import { freePort, removeHome, sharedHome, temporaryFolder } from '../helpers/home.js';
import { startServer, type TestServer } from '../helpers/server.js';
import { envelope, stubServer } from '../helpers/stub-server.js';

const run = promisify(execFile);
const command = process.env['OCRMYPDF'];
const plugin = path.join(root, 'plugins', 'ocrmypdf', 'ocrhub_plugin.py');

const fixture = (name: string): string => path.join(root, 'test', 'fixtures', name);

/** Without the proxies, tokens and addresses of this machine. */
const env = { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', LANG: 'C.UTF-8' };

describe.skipIf(command === undefined)('the plugin for OCRmyPDF (npm run test:ocrmypdf)', () => {
  describe('with a server', () => {
    let home: string;
    let server: TestServer;

    beforeAll(async () => {
      home = await sharedHome();
      await ocrhub(home, ['install', path.join('src', 'modules', 'ocr_system')]);
      server = await startServer(home, { flags: ['-m', 'ocr_system'] });
    });

    afterAll(() => removeHome(home));

    const ocr = (input: string, ...flags: string[]) =>
      ocrmypdf(input, ['--ocrhub-url', `${server.url}/predict/ocr_system`, ...flags]);

    it('makes a PDF/A of a picture, with each word at its place', async () => {
      const { code, pdf } = await ocr(fixture('receipt.jpg'), '--image-dpi', '144', '--output-type', 'pdfa');
      expect(code).toBe(0);
      const { stdout: metadata } = await run('pdfinfo', ['-meta', pdf]);
      expect(metadata).toMatch(/pdfaid:part(>|=")2/);
      expect(await textOf(pdf, '-layout')).toMatch(/CORNER MARKET[^]*2 x Green Tea 500ml +5\.80[^]*TOTAL +50\.28/);
      const { stdout } = await run('pdftotext', ['-bbox', pdf, '-']);
      const [total] = boxesOf(stdout, 'TOTAL');
      // The picture has 144 pixels an inch, so a point is two pixels.
      const expected = await regionOf('receipt.jpg', 'TOTAL', `${server.url}/predict/ocr_system`);
      expect(Math.abs((total?.[0] ?? 0) * 2 - (expected[0] ?? 0))).toBeLessThan(3);
      expect(Math.abs((total?.[2] ?? 0) * 2 - (expected[2] ?? 0))).toBeLessThan(3);
      const [middle, expectedMiddle] = [
        (total?.[1] ?? 0) + (total?.[3] ?? 0),
        ((expected[1] ?? 0) + (expected[3] ?? 0)) / 2,
      ];
      expect(Math.abs(middle - expectedMiddle)).toBeLessThan(6);
    });

    it('reads each page of a PDF, in the order of the pages', async () => {
      const input = path.join(await temporaryFolder(), 'two.pdf');
      const receipt = { picture: await readFile(fixture('receipt.jpg')), size: [200, 450] } as const;
      const notice = { picture: await readFile(fixture('demo.jpg')), size: [500, 350] } as const;
      await writeFile(input, await makePdf([receipt, notice]));
      const { code, pdf, sidecar } = await ocr(input, '--output-type', 'pdfa');
      expect(code).toBe(0);
      const pages = (await textOf(pdf)).split('\f');
      expect(pages[0]).toContain('Thank you for shopping');
      expect(pages[0]).not.toContain('Jasmine');
      expect(pages[1]).toContain('Jasmine tea');
      expect(sidecar).toMatch(/CORNER MARKET[^]*\f[^]*山水茶馆/);
    });

    it('writes no space that a line does not have, and tilted lines at their angle', async () => {
      const { pdf } = await ocr(fixture('demo.jpg'), '--image-dpi', '150');
      const text = await textOf(pdf, '-raw');
      expect(text).toContain('春天的新茶已经到店，欢迎您来品尝。');
      expect(text).toContain('今日特价 20% off');
      expect(text).toContain('营业时间 Open daily 09:00-21:30');
    });

    it('reads lines that run downward', async () => {
      const turned = path.join(await temporaryFolder(), 'turned.png');
      await sharp(fixture('receipt.jpg')).rotate(90).png().toFile(turned);
      const { pdf } = await ocr(turned, '--image-dpi', '144');
      const words = (await textOf(pdf)).split(/\s+/);
      expect(words).toEqual(expect.arrayContaining(['Sunflower', 'Seeds', 'Discount', 'Change', '50.28']));
    });

    it('straightens a tilted page with --deskew', async () => {
      const tilted = path.join(await temporaryFolder(), 'tilted.png');
      await sharp(fixture('receipt.jpg')).rotate(4, { background: '#fff' }).png().toFile(tilted);
      const { pdf } = await ocr(tilted, '--image-dpi', '144', '--deskew');
      const { stdout } = await run('pdftotext', ['-bbox', pdf, '-']);
      const [left, right] = [boxesOf(stdout, 'TOTAL')[0], boxesOf(stdout, '50.28')[0]];
      expect(Math.abs((left?.[3] ?? 0) - (right?.[3] ?? 99))).toBeLessThan(4);
    });

    it('makes a PDF without text of an empty page', async () => {
      const { code, pdf } = await ocr(fixture('blank.png'), '--image-dpi', '150');
      expect(code).toBe(0);
      expect((await textOf(pdf)).trim()).toBe('');
    });
  });

  describe('with answers of all kinds', () => {
    const line = { text: 'Hello', confidence: 0.9, text_region: [[8, 8], [90, 8], [90, 30], [8, 30]] }; // prettier-ignore
    const read = { http: 200, text: envelope([[line]]) };
    /** Answers the check of the start with 200 and each page with the next of `answers`, the last one for good. */
    const stub = async (...answers: { http: number; text: string; headers?: Record<string, string> }[]) => {
      const { url, requests } = await stubServer(({ url: at }) => {
        if (at === '/health/ready') return { http: 200, text: '{}' };
        const answer = answers.length > 1 ? answers.shift() : answers[0];
        return answer ?? read;
      });
      const at = `${url}/predict/ocr_system`;
      return { at, posts: () => requests.filter((request) => request.url === '/predict/ocr_system') };
    };
    const ocr = (at: string, more: NodeJS.ProcessEnv = {}, ...flags: string[]) =>
      ocrmypdf(fixture('small.png'), ['--image-dpi', '150', '--ocrhub-url', at, ...flags], more);

    it('sends the token of OCRHUB_TOKEN, and asks for the words', async () => {
      const { at, posts } = await stub(read);
      expect((await ocr(at, { OCRHUB_TOKEN: 'secret' })).code).toBe(0);
      expect(posts()[0]?.headers.authorization).toBe('Bearer secret');
      expect(JSON.parse(posts()[0]?.body ?? '')).toMatchObject({ return_word_box: true });
    });

    it.each([429, 503])('tries again after %i, when Retry-After says', async (http) => {
      const busy = { http, text: envelope('', { msg: 'busy', status: '101' }), headers: { 'Retry-After': '1' } };
      const { at, posts } = await stub(busy, busy, read);
      const started = performance.now();
      const { code, pdf } = await ocr(at);
      expect(code).toBe(0);
      expect(posts()).toHaveLength(3);
      expect(performance.now() - started).toBeGreaterThan(2000);
      expect(await textOf(pdf)).toContain('Hello');
    });

    it('gives up when the time for the page is over', async () => {
      const { at } = await stub({
        http: 503,
        text: envelope('', { msg: 'not ready' }),
        headers: { 'Retry-After': '2' },
      });
      const { code, stderr } = await ocr(at, {}, '--ocrhub-timeout', '3');
      expect(code).toBe(15);
      expect(stderr).toContain(`${at} answered with 503: not ready`);
    });

    it.each([
      [
        'a refused token',
        401,
        { 'X-Ocrhub-Error': 'token_refused' },
        'no',
        /401 \(token_refused\): no\nSet .*OCRHUB_TOKEN/,
      ],
      [
        'a refused picture',
        413,
        { 'X-Ocrhub-Error': 'body_too_large', 'X-Ocrhub-Hint': 'Send%20less' },
        'too large',
        /413 \(body_too_large\): too large\nSend less/,
      ],
    ])('says what the server says of %s', async (_, http, headers, msg, expected) => {
      const { at, posts } = await stub({ http, text: envelope('', { msg, status: '101' }), headers });
      const { code, stderr } = await ocr(at);
      expect(code).toBe(15);
      expect(stderr).toMatch(expected);
      expect(posts()).toHaveLength(1);
    });

    it('follows no redirect, which would carry the token to another host', async () => {
      const { at, posts } = await stub({ http: 307, text: '', headers: { Location: '/predict/ocr_system' } });
      const { code, stderr } = await ocr(at, { OCRHUB_TOKEN: 'secret' });
      expect(code).toBe(15);
      expect(stderr).toContain('answered with 307');
      expect(posts()).toHaveLength(1);
    });

    it.each([
      ['a page of a proxy', '<html>'],
      ['angles', envelope([{ angle: '0', confidence: 1 }])],
      ['lines without a place', envelope([[{ text: 'Hello', confidence: 1 }]])],
      ['nothing', envelope([])],
      ['no object', 'null'],
    ])('names the address if it answers with %s', async (_, text) => {
      const { at } = await stub({ http: 200, text });
      const { code, stderr } = await ocr(at);
      expect(code).toBe(15);
      expect(stderr).toContain(`${at} did not answer with lines of text`);
    });

    it('names the address and the command that starts a server, if no server listens', async () => {
      const at = `http://127.0.0.1:${await freePort()}/predict/ocr_system`;
      const { code, stderr } = await ocr(at);
      expect(code).toBe(3);
      expect(stderr).toContain(`Cannot reach the ocrhub server at ${at}`);
      expect(stderr).toContain('ocrhub serving start -m ocr_system');
    });

    it.each([
      [
        'an address without a path',
        ['--ocrhub-url', 'http://127.0.0.1:8868'],
        '--ocrhub-url http://127.0.0.1:8868: expected',
      ],
      ['a word', ['--ocrhub-url', 'server'], '--ocrhub-url server: expected an address'],
      ['another engine', ['--ocr-engine', 'tesseract'], 'exclude each other'],
      ['the other renderer', ['--pdf-renderer', 'sandwich'], 'leave out --pdf-renderer'],
      ['a timeout below zero', ['--ocrhub-timeout', '-1'], '--ocrhub-timeout -1.0: expected'],
    ])('refuses %s', async (_, flags, expected) => {
      const { at } = await stub(read);
      const { code, stderr } = await ocr(at, {}, ...flags);
      expect(code).toBe(1);
      expect(stderr).toContain(expected);
    });
  });
});

async function ocrmypdf(input: string, flags: string[], more: NodeJS.ProcessEnv = {}) {
  const folder = await temporaryFolder();
  const [pdf, sidecar] = [path.join(folder, 'out.pdf'), path.join(folder, 'out.txt')];
  const args = ['--quiet', '--plugin', plugin, ...flags, '--sidecar', sidecar, input, pdf];
  try {
    const { stderr } = await run(command ?? '', args, { env: { ...env, ...more } });
    return { code: 0, stderr, pdf, sidecar: await readFile(sidecar, 'utf8') };
  } catch (error) {
    const { code, stderr } = error as { code?: unknown; stderr?: string };
    if (typeof code !== 'number') throw error;
    return { code, stderr: stderr ?? '', pdf, sidecar: '' };
  }
}

async function textOf(pdf: string, ...flags: string[]): Promise<string> {
  return (await run('pdftotext', [...flags, pdf, '-'])).stdout;
}

/** Left, top, right and bottom of a word in the output of pdftotext -bbox, in points. */
function boxesOf(bbox: string, word: string): number[][] {
  const found = [...bbox.matchAll(/<word xMin="(.+?)" yMin="(.+?)" xMax="(.+?)" yMax="(.+?)">(.*?)<\/word>/g)];
  return found.filter((match) => match[5] === word).map((match) => match.slice(1, 5).map(Number));
}

/** Left, top, right and bottom of a word that the server reads, in pixels. */
async function regionOf(file: string, word: string, url: string): Promise<number[]> {
  const images = [(await readFile(fixture(file))).toString('base64')];
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ images, return_word_box: true }),
  });
  const { results } = (await answer.json()) as {
    results: { words: { text: string; region: [number, number][] }[] }[][];
  };
  const region = results[0]?.flatMap(({ words }) => words).find(({ text }) => text === word)?.region ?? [];
  return [...(region[0] ?? []), ...(region[2] ?? [])];
}
