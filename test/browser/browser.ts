import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import axe from 'axe-core';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { onTestFinished } from 'vitest';

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
