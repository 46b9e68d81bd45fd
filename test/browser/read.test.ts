import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ocrhubJson, root } from '../helpers/cli.js';
import { removeHome, sharedHome } from '../helpers/home.js';
import { startServer, type TestServer } from '../helpers/server.js';
import { axeViolations, openPage, skipped, startBrowser } from './browser.js';

const fixture = (name: string): string => path.join(root, 'test', 'fixtures', name);

describe.skipIf(skipped !== '')(`the page reads${skipped}`, () => {
  let home: string;
  let server: TestServer;
  let browser: Browser;

  beforeAll(async () => {
    home = await sharedHome();
    await ocrhubJson(home, ['install', 'ocr_system']);
    await ocrhubJson(home, ['install', 'ocr_det']);
    server = await startServer(home, { flags: ['-m', 'ocr_system', 'ocr_det'] });
    browser = await startBrowser();
  });
  afterAll(async () => {
    await browser.close();
    await removeHome(home);
  });

  it('files that are dropped, each with its state, and sends nothing to another host', async () => {
    const { page, complaints, addresses } = await openPage(browser, server.url);
    await drop(page, [fixture('page.png'), fixture('not-a-picture.txt'), fixture('page.tiff')]);
    await untilRead(page, 3);
    expect(await page.locator('.file-name bdi').allTextContents()).toEqual([
      'page.png',
      'not-a-picture.txt',
      'page.tiff',
    ]);
    expect(await page.locator('.state').allTextContents()).toEqual(['read: 12 lines', 'failed', 'read: 2 lines']);
    expect((await linesOf(page)).slice(0, 2)).toEqual(['第一章：光学字符识别', 'Chapter 2: Reading']);
    expect(complaints).toEqual([]);
    expect(await axeViolations(page)).toEqual([]);
    expect(
      addresses.filter((address) => !address.startsWith(`${server.url}/`) && !address.startsWith('blob:')),
    ).toEqual([]);
  });
});

/** Drops files as the desktop does. */
async function drop(page: Page, files: readonly string[]): Promise<void> {
  const session = await page.context().newCDPSession(page);
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    const data = { items: [], files: [...files], dragOperationsMask: 1 };
    await session.send('Input.dispatchDragEvent', { type, x: 300, y: 300, data });
  }
}

async function untilRead(page: Page, count: number): Promise<void> {
  await page
    .locator('.state.done, .state.failed')
    .nth(count - 1)
    .waitFor({ timeout: 100_000 });
}

function linesOf(page: Page): Promise<string[]> {
  return page.locator('.lines .line-text').allTextContents();
}
