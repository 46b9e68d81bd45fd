import { readFile } from 'node:fs/promises';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ocrhubJson } from '../helpers/cli.js';
import { removeHome, sharedHome } from '../helpers/home.js';
import { send } from '../helpers/http.js';
import { makePdf } from '../helpers/pdf.js';
import { startServer, type TestServer } from '../helpers/server.js';
import { choose, drop, fixturePath, linesOf, openPage, skipped, startBrowser, untilRead } from './browser.js';

describe.skipIf(skipped !== '')(`the page reads${skipped}`, () => {
  let home: string;
  let server: TestServer;
  let browser: Browser;

  beforeAll(async () => {
    home = await sharedHome();
    await ocrhubJson(home, ['install', 'ocr_system']);
    await ocrhubJson(home, ['install', 'ocr_det']);
    server = await startServer(home, { flags: ['-m', 'ocr_system', 'ocr_det', '--allowed_hosts', 'ocr.example'] });
    browser = await startBrowser(['--host-resolver-rules=MAP ocr.example 127.0.0.1']);
  });
  afterAll(async () => {
    await browser.close();
    await removeHome(home);
  });

  it('files that are dropped, each with its state, and sends nothing to another host', async () => {
    const { page, complaints, addresses } = await openPage(browser, server.url);
    await drop(page, ['page.png', 'not-a-picture.txt', 'page.tiff'].map(fixturePath));
    await untilRead(page, 3);
    expect(await page.locator('.file-name bdi').allTextContents()).toEqual([
      'page.png',
      'not-a-picture.txt',
      'page.tiff',
    ]);
    expect(await page.locator('.state').allTextContents()).toEqual(['read: 12 lines', 'failed', 'read: 2 lines']);
    expect((await linesOf(page)).slice(0, 2)).toEqual(['第一章：光学字符识别', 'Chapter 2: Reading']);
    expect(complaints).toEqual([]);
    const elsewhere = addresses.filter(
      (address) => !address.startsWith(`${server.url}/`) && !address.startsWith('blob:'),
    );
    expect(elsewhere).toEqual([]);
  });

  it('a picture that is pasted', async () => {
    const { page } = await openPage(browser, server.url, { permissions: ['clipboard-read', 'clipboard-write'] });
    await page.evaluate(`(async () => {
      const canvas = document.createElement('canvas');
      [canvas.width, canvas.height] = [600, 120];
      const drawing = canvas.getContext('2d');
      drawing.fillStyle = '#fff';
      drawing.fillRect(0, 0, 600, 120);
      drawing.fillStyle = '#000';
      drawing.font = '60px sans-serif';
      drawing.fillText('Pasted 2026', 20, 80);
      const picture = await new Promise((resolve) => canvas.toBlob(resolve));
      await navigator.clipboard.write([new ClipboardItem({ 'image/png': picture })]);
    })()`);
    await page.keyboard.press('Control+V');
    await untilRead(page, 1);
    expect(await linesOf(page)).toEqual(['Pasted 2026']);
  });

  it('a receipt of 54 lines, of which each is linked with its outline', async () => {
    const { page } = await openPage(browser, server.url);
    await choose(page, 'receipt.jpg');
    await untilRead(page, 1);
    expect(await page.locator('.lines li').count()).toBe(54);
    expect(await page.locator('.line-shape').count()).toBe(54);
    const activeIn = async (selector: string): Promise<string[]> =>
      page.locator(`${selector}.active`).allTextContents();
    const lines = await linesOf(page);

    await page.locator('.lines li').nth(3).hover();
    expect(await activeIn('.line-shape')).toEqual([lines[3]]);

    await page.locator('.line-shape').nth(50).hover();
    expect((await activeIn('.lines li'))[0]).toContain(lines[50]);
    const isInView = `(() => {
      const row = document.querySelectorAll('.lines li')[50];
      const [inner, outer] = [row.getBoundingClientRect(), row.parentElement.getBoundingClientRect()];
      return inner.top >= outer.top - 1 && inner.bottom <= outer.bottom + 1;
    })()`;
    await expect.poll(() => page.evaluate(isInView)).toBe(true);

    await page.locator('.lines button').nth(10).focus();
    await page.keyboard.press('ArrowDown');
    expect(await activeIn('.line-shape')).toEqual([lines[11]]);
    await page.keyboard.press('End');
    expect(await activeIn('.line-shape')).toEqual([lines[53]]);

    await page.locator('.line-shape text').nth(52).click();
    expect((await activeIn('.lines li'))[0]).toContain(lines[52]);
  });

  it('text that can be selected on the picture and copied', async () => {
    const { page } = await openPage(browser, server.url, { permissions: ['clipboard-read', 'clipboard-write'] });
    await choose(page, 'demo.jpg');
    await untilRead(page, 1);
    const [title, offer] = ['山水茶馆', '今日特价 20% off'];
    for (const text of [title, offer]) {
      await page.locator('.line-shape text', { hasText: text }).selectText();
      await page.keyboard.press('Control+C');
      expect(await page.evaluate('navigator.clipboard.readText()')).toBe(text);
    }
    // By the mouse, from one end of the line to the other.
    const box = await page.locator('.line-shape text').first().boundingBox();
    if (box === null) throw new Error('the line has no place');
    await page.mouse.move(box.x + 1, box.y + box.height / 2);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width - 1, box.y + box.height / 2, { steps: 8 });
    await page.mouse.up();
    expect(await page.evaluate('getSelection().toString()')).toBe(title);
  });

  it.each([
    ['a photo with an EXIF orientation', 'exif-6.jpg'],
    ['a page upside down', 'upside-down.png'],
    ['vertical columns', 'vertical.png'],
    ['a TIFF file, which browsers do not show', 'page.tiff'],
    ['a picture of 16 bits', 'sixteen-bit.png'],
    ['a CMYK photo', 'cmyk.jpg'],
  ])('%s with each outline, and its text, on the ink', async (_, name) => {
    const { page } = await openPage(browser, server.url);
    await choose(page, name);
    await untilRead(page, 1);
    expect(await page.locator('.line-shape').count()).toBeGreaterThan(0);
    const ink = await page.evaluate<Ink>(inkScript);
    // The ink is in the outlines, each outline has some, and the page is not ink alone.
    expect(ink.outside / ink.all).toBeLessThan(0.05);
    expect(Math.min(...ink.inside)).toBeGreaterThan(20);
    expect(ink.all).toBeLessThan(0.5 * ink.pixels);
    expect(Math.min(...ink.overlaps)).toBeGreaterThan(0.7);
    expect(Math.abs(ink.ratio - 1)).toBeLessThan(0.01);
  });

  it('a PDF file of 20 pages, one of which is shown', async () => {
    const pdf = await makePdf(
      Array.from({ length: 20 }, (_, i) => ({ size: [300, 200], text: [`Sheet ${i + 1}`, 'of the report'] })),
    );
    const { page } = await openPage(browser, server.url, { permissions: ['clipboard-read', 'clipboard-write'] });
    await choose(page, { name: 'report.pdf', mimeType: 'application/pdf', buffer: Buffer.from(pdf) });
    await untilRead(page, 1);
    expect(await page.locator('.state').textContent()).toBe('read: 40 lines, 20 pages');
    expect(await linesOf(page)).toEqual(['Sheet 1', 'of the report']);
    await page.getByRole('button', { name: 'Next page' }).click();
    expect(await linesOf(page)).toEqual(['Sheet 2', 'of the report']);
    await page.locator('.pages select').selectOption({ label: 'Page 20 of 20' });
    expect(await linesOf(page)).toEqual(['Sheet 20', 'of the report']);
    expect(await page.getByRole('button', { name: 'Next page' }).isDisabled()).toBe(true);
    const picture = await page.locator('.sheet image').getAttribute('href');
    expect(picture).toMatch(/^blob:/);
    await page.getByRole('button', { name: 'Copy the text' }).click();
    await page.getByText('Copied').waitFor();
    const copied = String(await page.evaluate('navigator.clipboard.readText()'));
    expect(copied.split('\n\n')).toEqual(Array.from({ length: 20 }, (_, i) => `Sheet ${i + 1}\nof the report`));
  });

  it('and downloads each format that the server writes', async () => {
    const { page } = await openPage(browser, server.url);
    await choose(page, 'page.tiff');
    await untilRead(page, 1);
    const starts: Record<string, [name: string, start: string]> = {
      text: ['page.txt', ''],
      markdown: ['page.md', ''],
      json: ['page.json', '{"documents":[{"name":"page.tiff"'],
      tsv: ['page.tsv', 'level\tpage_num'],
      hocr: ['page.hocr', '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE html'],
      alto: ['page.alto.xml', '<?xml version="1.0" encoding="UTF-8"?>\n<alto'],
      page: ['page.page.xml', '<?xml version="1.0" encoding="UTF-8"?>\n<PcGts'],
      pdf: ['page.pdf', '%PDF-'],
      docx: ['page.docx', 'PK'],
      png: ['page.png', '\u{fffd}PNG'],
    };
    const lines = await linesOf(page);
    const buttons = await page.locator('[data-format]').all();
    const offered = await Promise.all(buttons.map((button) => button.getAttribute('data-format')));
    expect(offered.sort()).toEqual(Object.keys(starts).sort());
    for (const [format, [name, start]] of Object.entries(starts)) {
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.locator(`[data-format=${format}]`).click(),
      ]);
      expect(download.suggestedFilename()).toBe(name);
      const bytes = await readFile(await download.path());
      expect(bytes.toString('utf8').slice(0, start.length)).toBe(start);
      if (format === 'text') expect(bytes.toString('utf8').trimEnd().split('\n')).toEqual(lines);
    }
    expect(await page.locator('.downloads .outcome').textContent()).toContain('is downloaded');
  });

  it('with the module and the values that are set, of all fields in /openapi.json', async () => {
    const { page } = await openPage(browser, server.url);
    const { text } = await send(`${server.url}/openapi.json`);
    const { paths } = JSON.parse(text) as { paths: Record<string, { post: OpenApiPost }> };
    const form = paths['/predict/ocr_system']?.post.requestBody.content['multipart/form-data'].schema.properties ?? {};
    await page.getByText('Settings', { exact: true }).click();
    const shown = await page.locator('.settings details .field-name').allTextContents();
    const ownOfPage = ['file', 'format', 'paragraphs', 'page_pictures'];
    expect(shown).toEqual(Object.keys(form).filter((name) => !ownOfPage.includes(name)));

    await page.getByLabel('drop_score', { exact: true }).fill('1');
    await choose(page, 'demo.jpg');
    await untilRead(page, 1);
    const sure = await page.locator('.lines li').count();
    await page.getByRole('button', { name: 'Reset settings' }).click();
    await page.getByRole('button', { name: 'Read again: demo.jpg' }).click();
    await page.getByText('read: 16 lines').waitFor({ timeout: 60_000 });
    expect(sure).toBeLessThan(16);

    await page.getByLabel('Module').selectOption('ocr_det');
    await page.getByRole('button', { name: 'Read again: demo.jpg' }).click();
    await page.locator('.lines i').first().waitFor({ timeout: 60_000 });
    expect(await page.locator('.line-shape polygon').count()).toBeGreaterThan(10);
    expect(await page.locator('.line-shape text').count()).toBe(0);
    // A format needs text, and the server says so.
    await page.locator('[data-format=text]').click();
    await page.locator('.downloads [role=alert]').waitFor({ timeout: 60_000 });
    expect(await page.locator('.downloads [role=alert]').textContent()).toContain('ocr_det');
  });

  it('and tells how long each stage took', async () => {
    const { page } = await openPage(browser, server.url);
    await choose(page, 'line.png');
    await untilRead(page, 1);
    await page.locator('.text-side summary', { hasText: 'Times' }).click();
    const stages = ['waited', 'decode', 'find lines', 'classify angles', 'read lines', 'in total'];
    expect(await page.locator('.times dt').allTextContents()).toEqual(stages);
    for (const time of await page.locator('.times dd').allTextContents()) expect(time).toMatch(/^\d+\.\d ms$/);
  });

  it('and copies on an address without https, where browsers hide the clipboard from scripts', async () => {
    const url = server.url.replace('127.0.0.1', 'ocr.example');
    const { page } = await openPage(browser, url);
    expect(await page.evaluate('isSecureContext')).toBe(false);
    await choose(page, 'line.png');
    await untilRead(page, 1);
    const [line = ''] = await linesOf(page);
    await page.getByRole('button', { name: 'Copy the text' }).click();
    await page.getByText('Copied').waitFor();
    // Ctrl+V into a field shows what is on the clipboard.
    await page.getByText('Settings', { exact: true }).click();
    await page.getByLabel('pages', { exact: true }).focus();
    await page.keyboard.press('Control+V');
    expect(await page.getByLabel('pages', { exact: true }).inputValue()).toBe(line);
  });
});

interface OpenApiPost {
  readonly requestBody: {
    readonly content: {
      readonly 'multipart/form-data': { readonly schema: { readonly properties: Readonly<Record<string, unknown>> } };
    };
  };
}

/** Dark pixels of the picture that is shown, in pixels of the page. */
interface Ink {
  readonly pixels: number;
  readonly all: number;
  readonly outside: number;
  /** In the box around each outline. */
  readonly inside: readonly number[];
  /** How much of the box around each text the box around its outline covers, on the screen. */
  readonly overlaps: readonly number[];
  /** Ratio of the sides of the picture, by that of the page. */
  readonly ratio: number;
}

const inkScript = `(async () => {
  const svg = document.querySelector('.sheet');
  const { width, height } = svg.viewBox.baseVal;
  const picture = new Image();
  picture.src = svg.querySelector('image').getAttribute('href');
  await picture.decode();
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [width, height];
  const drawing = canvas.getContext('2d');
  drawing.drawImage(picture, 0, 0, width, height);
  const { data } = drawing.getImageData(0, 0, width, height);
  const boxes = [...svg.querySelectorAll('polygon')].map((polygon) => polygon.getBBox());
  const inside = boxes.map(() => 0);
  let [all, outside] = [0, 0];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * 4;
      if (data[at] + data[at + 1] + data[at + 2] > 3 * 128) continue;
      all++;
      const around = boxes.flatMap((box, i) =>
        x >= box.x - 2 && x <= box.x + box.width + 2 && y >= box.y - 2 && y <= box.y + box.height + 2 ? [i] : []);
      for (const i of around) inside[i]++;
      if (around.length === 0) outside++;
    }
  }
  const overlaps = [...svg.querySelectorAll('.line-shape')].map((shape) => {
    const [a, b] = ['polygon', 'text'].map((name) => shape.querySelector(name).getBoundingClientRect());
    const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
    const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
    return (Math.max(0, across) * Math.max(0, down)) / (b.width * b.height);
  });
  const ratio = picture.naturalWidth / picture.naturalHeight / (width / height);
  return { pixels: width * height, all, outside, inside, overlaps, ratio };
})()`;
