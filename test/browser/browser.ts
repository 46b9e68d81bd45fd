import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import axe from 'axe-core';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { onTestFinished } from 'vitest';
import { root } from '../helpers/cli.js';

/** The programs of Chromium on different systems. */
const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];

/** Chromium on the PATH; undefined if there is none. */
const chromiumPath = names
  .flatMap((name) => (process.env['PATH'] ?? '').split(path.delimiter).map((folder) => path.join(folder, name)))
  .find(isExecutable);

/** Why the tests of the page are skipped; empty if they run. */
export const skipped =
  process.env['OCRHUB_TEST_BROWSER'] !== '1'
    ? ' (npm run test:browser runs them)'
    : chromiumPath === undefined
      ? ' (Chromium is not on the PATH)'
      : '';

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Starts Chromium. A container runs it as root, where its sandbox does not work. */
export function startBrowser(args: readonly string[] = []): Promise<Browser> {
  if (chromiumPath === undefined) throw new Error('Chromium is not on the PATH');
  return chromium.launch({ executablePath: chromiumPath, args: ['--no-sandbox', ...args] });
}

export interface OpenedPage {
  readonly page: Page;
  /** What the browser wrote to its console, such as a breach of the policy. Refused requests are left out. */
  readonly complaints: readonly string[];
  /** The addresses of all requests. */
  readonly addresses: readonly string[];
}

/** Opens `/ui/` in a window of its own, which is closed when the test finishes. */
export async function openPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<OpenedPage> {
  const context = await browser.newContext({ locale: 'en-US', viewport: { width: 1280, height: 860 }, ...options });
  onTestFinished(() => context.close());
  const page = await context.newPage();
  const complaints: string[] = [];
  const addresses: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type()) && !message.text().startsWith('Failed to load resource')) {
      complaints.push(message.text());
    }
  });
  page.on('pageerror', ({ message }) => complaints.push(message));
  page.on('request', (request) => addresses.push(request.url()));
  await page.goto(`${url}/ui/`);
  await page.waitForSelector('.settings select');
  return { page, complaints, addresses };
}

/** The rules of axe-core that the page breaks, with the elements. */
export async function axeViolations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate<axe.AxeResults>('axe.run()');
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}

export function fixturePath(name: string): string {
  return path.join(root, 'test', 'fixtures', name);
}

/** Chooses files with the button. */
export async function choose(page: Page, ...files: (string | { name: string; mimeType: string; buffer: Buffer })[]) {
  const chosen = files.map((file) => (typeof file === 'string' && !path.isAbsolute(file) ? fixturePath(file) : file));
  await page
    .locator('input[type=file]')
    .first()
    .setInputFiles(chosen as string[]);
}

/** Drops files and folders as the desktop does. */
export async function drop(page: Page, files: readonly string[]): Promise<void> {
  const session = await page.context().newCDPSession(page);
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    const data = { items: [], files: [...files], dragOperationsMask: 1 };
    await session.send('Input.dispatchDragEvent', { type, x: 300, y: 300, data });
  }
}

/** Waits until this many files are read or have failed. */
export async function untilRead(page: Page, count: number): Promise<void> {
  await page
    .locator('.state.done, .state.failed')
    .nth(count - 1)
    .waitFor({ timeout: 100_000 });
}

/** The lines of the page that is shown. */
export function linesOf(page: Page): Promise<string[]> {
  return page.locator('.lines .line-text').allTextContents();
}
