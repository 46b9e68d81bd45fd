import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { OcrHubError } from '../../src/runtime/errors/error.js';
import { ocrhub, ocrhubJson } from '../helpers/cli.js';
import { packageFiles, wordModule, writeFiles } from '../helpers/files.js';
import { removeHome, sharedHome, temporaryFolder } from '../helpers/home.js';
import { startLinesServer } from '../helpers/lines-server.js';
import { installModule } from '../helpers/module.js';
import { startServer, type StartOptions, type TestServer } from '../helpers/server.js';
import { choose, drop, linesOf, openPage, skipped, startBrowser, untilRead } from './browser.js';

/** Does something in a page that makes markup of it. */
const hostile = `<img src=x onerror="hacked=1"><script>hacked=1</script>"'><svg onload=hacked=1>`;

describe.skipIf(skipped !== '')(`errors on the page${skipped}`, () => {
  let home: string;
  let browser: Browser;

  beforeAll(async () => {
    home = await sharedHome();
    await ocrhubJson(home, ['install', await writeFiles(path.join(home, 'src'), packageFiles(wordModule('word')))]);
    await installModule(
      home,
      `name: 'slow', version: '1.0.0', entries: { empty: [], nested: false },
  predict: async ({ images }) => {
    if (images[0].width > 20) await new Promise((resolve) => setTimeout(resolve, 4000));
    return images.map(() => [{ text: 'slow', confidence: 1, text_region: [[0, 0], [9, 0], [9, 9], [0, 9]] }]);
  },`,
    );
    browser = await startBrowser();
  });
  afterAll(async () => {
    await browser.close();
    await removeHome(home);
  });

  async function serve(options: StartOptions): Promise<TestServer> {
    const server = await startServer(home, options);
    onTestFinished(async () => {
      await ocrhub(home, ['serving', 'stop', '-p', String(server.port)]);
    });
    return server;
  }

  it('show what the server says of a bad file, and its hint', async () => {
    const server = await serve({ flags: ['-m', 'word'] });
    const { page } = await openPage(browser, server.url);
    await choose(page, 'not-a-picture.txt');
    await untilRead(page, 1);
    const [message, hint, id] = await page.locator('.file .problem-text p').allTextContents();
    expect(message).toBe(
      'No picture could be read: image 0: not a readable file: unsupported image format (expected JPEG, PNG, WebP, TIFF, GIF, BMP or PDF)',
    );
    expect(hint).toBe('Send an undamaged JPEG, PNG, WebP, TIFF, GIF, BMP or PDF file.');
    expect(id).toMatch(/^Request [0-9a-f-]{36}$/);
  });

  it('say that the server is gone, and the file is read when it is there again', async () => {
    const { port, url } = await serve({ flags: ['-m', 'word'] });
    const { page } = await openPage(browser, url);
    await ocrhub(home, ['serving', 'stop', '-p', String(port)]);
    await choose(page, 'line.png');
    await untilRead(page, 1);
    expect(await page.locator('.file .problem-text').textContent()).toBe(
      'The server does not answer. It may have been stopped, or the network is down.',
    );
    await serve({ flags: ['-m', 'word'], port });
    await page.getByRole('button', { name: 'Read again: line.png' }).click();
    await page.locator('.state.done').waitFor();
  });

  it('ask for a token after a 401, keep it in the tab alone, and read the files that were refused', async () => {
    const { url } = await serve({ flags: ['-m', 'word'], env: { OCRHUB_TOKEN: 'open sesame'.replace(' ', '-') } });
    const { page } = await openPage(browser, url);
    await choose(page, 'line.png', 'page.tiff');
    const token = page.getByLabel('Token');
    await token.waitFor();
    expect(await page.locator('.token [role=alert]').textContent()).toContain('asks for a token');
    // The second file waits, and is not refused as well.
    expect(await page.locator('.state.failed').count()).toBeLessThanOrEqual(2);
    await token.fill('wrong');
    await page.keyboard.press('Enter');
    await page.getByText('The server refuses this token.').waitFor();
    await page.getByLabel('Token').fill('open-sesame');
    await page.getByRole('button', { name: 'Use this token' }).click();
    await page.locator('.state.done').nth(1).waitFor();
    expect(await page.locator('.token').count()).toBe(0);
    expect(
      await page.evaluate(
        '[JSON.stringify({ ...sessionStorage }), JSON.stringify({ ...localStorage }), document.cookie]',
      ),
    ).toEqual(['{"ocrhub.token":"open-sesame"}', '{}', '']);
    // It is sent with what follows, also after a reload.
    await page.reload();
    await page.waitForSelector('.settings select');
    await choose(page, 'line.png');
    await page.locator('.state.done').waitFor();
  });

  it('name the limit for a file that is too large, and send nothing', async () => {
    const { url } = await serve({ flags: ['-m', 'word', '--max_body', '100KiB'] });
    const { page, addresses } = await openPage(browser, url);
    await choose(page, { name: 'large.png', mimeType: 'image/png', buffer: Buffer.alloc(200 * 1024) });
    await untilRead(page, 1);
    expect(await page.locator('.file .problem-text').textContent()).toBe(
      'The file is larger than the server takes: 100 KiB. The option --max_body of the server changes that.',
    );
    expect(addresses.filter((address) => address.includes('/predict/'))).toEqual([]);
  });

  it("show the server's 413 where a proxy hides its limit", async () => {
    const { url } = await serve({ flags: ['-m', 'word', '--max_body', '100KiB'] });
    const { page } = await openPage(browser, url);
    await page.route('**/openapi.json', async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, body: (await response.text()).replace('x-max-body', 'x-other') });
    });
    await page.reload();
    await page.waitForSelector('.settings select');
    await choose(page, { name: 'large.png', mimeType: 'image/png', buffer: Buffer.alloc(200 * 1024) });
    await untilRead(page, 1);
    expect(await page.locator('.file .problem-text').textContent()).toContain('The body is larger than 102400 bytes');
  });

  it('say that a folder is no file', async () => {
    const { url } = await serve({ flags: ['-m', 'word'] });
    const { page } = await openPage(browser, url);
    const folder = path.join(await temporaryFolder(), 'scans');
    await mkdir(folder);
    await drop(page, [folder]);
    await untilRead(page, 1);
    expect(await page.locator('.file .problem-text').textContent()).toContain('Is it a folder');
  });

  it('say why the page cannot begin, and begin on request', async () => {
    const { url } = await serve({ flags: ['-m', 'word'] });
    const { page } = await openPage(browser, url);
    await page.route('**/openapi.json', (route) => route.abort());
    await page.reload();
    await page.locator('.side > .problem').waitFor({ timeout: 30_000 });
    await page.unroute('**/openapi.json');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.waitForSelector('.settings select');
  });

  it('do not come of files that are canceled or removed while they are read or wait', async () => {
    const { url } = await serve({ flags: ['-m', 'slow'] });
    const { page } = await openPage(browser, url);
    await choose(page, 'demo.jpg', 'receipt.jpg', 'line.png', 'alpha.png');
    await page.getByRole('button', { name: 'Cancel: demo.jpg' }).click();
    await page.getByRole('button', { name: 'Remove: receipt.jpg' }).click();
    await page.getByRole('button', { name: 'Cancel: alpha.png' }).click();
    await page.locator('.state.done').waitFor({ timeout: 60_000 });
    expect(await page.locator('.file-name bdi').allTextContents()).toEqual(['demo.jpg', 'line.png', 'alpha.png']);
    expect(await page.locator('.state').allTextContents()).toEqual(['canceled', 'read: 1 line', 'canceled']);
  });

  it('and recognized texts, names of files and fields never become markup', async () => {
    const region = [
      [10, 10],
      [90, 10],
      [90, 30],
      [10, 30],
    ];
    const line = { confidence: 0.5, text: hostile, text_region: region };
    const { url } = await startLinesServer({ http: { ui: true }, kind: 'document', pages: [[line]] });
    const { page, complaints } = await openPage(browser, url);
    const file = path.join(await temporaryFolder(), `${hostile.replaceAll('/', '\u2215')}.png`);
    await writeFile(file, 'picture');
    await choose(page, file);
    await untilRead(page, 1);
    expect(await linesOf(page)).toEqual([hostile]);
    expect(await page.locator('.line-shape text').allTextContents()).toEqual([hostile]);
    expect(await page.locator('.file-name bdi').textContent()).toBe(path.basename(file));
    expect(await page.locator('h2 bdi').textContent()).toContain(path.basename(file));
    for (const view of ['Text', 'Answer']) await page.getByRole('tab', { name: view }).click();
    expect(await page.locator('textarea').inputValue()).toContain('onerror');
    for (const summary of await page.locator('summary').all()) await summary.click();
    expect(await page.locator('img, #page script, [onerror], [onload]').count()).toBe(0);
    expect(await page.evaluate('globalThis.hacked')).toBeUndefined();
    expect(complaints).toEqual([]);
  });

  it('and messages of the server never become markup', async () => {
    const fail = (): never => {
      throw new OcrHubError('value_invalid', { subject: hostile, key: 'key', value: hostile, problem: hostile });
    };
    const { url } = await startLinesServer({ http: { ui: true }, fail });
    const { page, complaints } = await openPage(browser, url);
    await choose(page, 'line.png');
    await untilRead(page, 1);
    expect(await page.locator('.file .problem-text').textContent()).toContain(hostile);
    expect(await page.locator('img, #page script, [onerror], [onload]').count()).toBe(0);
    expect(await page.evaluate('globalThis.hacked')).toBeUndefined();
    expect(complaints).toEqual([]);
  });

  it('and a script that an answer brought along would be stopped by the policy of the page', async () => {
    const { url } = await startLinesServer({ http: { ui: true } });
    const { page, complaints } = await openPage(browser, url);
    const insert = `document.body.append(Object.assign(document.createElement('script'), { src: '/evil.js' }))`;
    expect(
      await page.evaluate(`(() => { try { ${insert}; return 'added'; } catch (error) { return error.name; } })()`),
    ).toBe('TypeError');
    const markup = `document.body.innerHTML = '<b>x</b>'`;
    expect(
      await page.evaluate(`(() => { try { ${markup}; return 'added'; } catch (error) { return error.name; } })()`),
    ).toBe('TypeError');
    await page.evaluate(`fetch('https://example.com/').catch(() => undefined)`);
    expect(complaints.join('\n')).toMatch(/TrustedHTML|Trusted Type/);
    expect(complaints.join('\n')).toContain('https://example.com/');
  });
});
