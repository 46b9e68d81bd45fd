import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ocrhubJson } from '../helpers/cli.js';
import { removeHome, sharedHome } from '../helpers/home.js';
import { startLinesServer } from '../helpers/lines-server.js';
import { startServer, type TestServer } from '../helpers/server.js';
import { axeViolations, choose, fixturePath, linesOf, openPage, skipped, startBrowser, untilRead } from './browser.js';

const themes = ['light', 'dark'] as const;
const languages = ['en-US', 'zh-CN'] as const;
const looks = themes.flatMap((colorScheme) => languages.map((locale) => ({ colorScheme, locale })));

describe.skipIf(skipped !== '')(`the page is for everyone${skipped}`, () => {
  let home: string;
  let server: TestServer;
  let browser: Browser;

  beforeAll(async () => {
    home = await sharedHome();
    await ocrhubJson(home, ['install', 'ocr_system']);
    server = await startServer(home, { flags: ['-m', 'ocr_system'] });
    browser = await startBrowser();
  });
  afterAll(async () => {
    await browser.close();
    await removeHome(home);
  });

  it.each(looks)('axe finds nothing: $colorScheme, $locale', async (look) => {
    const { page } = await openPage(browser, server.url, look);
    expect(await page.evaluate('document.documentElement.lang')).toBe(look.locale === 'zh-CN' ? 'zh-CN' : 'en');
    expect(await axeViolations(page)).toEqual([]);
    await choose(page, 'demo.jpg', 'not-a-picture.txt');
    await untilRead(page, 2);
    for (const summary of await page.locator('summary').all()) await summary.click();
    await page.locator('.lines button').nth(2).focus();
    expect(await axeViolations(page)).toEqual([]);
    for (const tab of [1, 2]) {
      await page.getByRole('tablist').first().getByRole('tab').nth(tab).click();
      expect(await axeViolations(page)).toEqual([]);
    }
  });

  it.each(looks)('axe finds nothing where a token is asked for: $colorScheme, $locale', async (look) => {
    const { url } = await startLinesServer({ http: { ui: true }, token: 'sesame' });
    const { page } = await openPage(browser, url, look);
    await choose(page, 'line.png');
    await page.locator('.token').waitFor();
    expect(await axeViolations(page)).toEqual([]);
  });

  it('the keyboard alone reads a file, walks through its lines, copies one and downloads the text', async () => {
    const { page } = await openPage(browser, server.url, { permissions: ['clipboard-read', 'clipboard-write'] });
    // Waited for before, because the browser must know that no window is to open.
    const chooser = page.waitForEvent('filechooser');
    await tabTo(page, 'Choose files');
    await page.keyboard.press('Enter');
    await (await chooser).setFiles(fixturePath('demo.jpg'));
    await untilRead(page, 1);
    const lines = await linesOf(page);
    await tabTo(page, 'TXT');
    const [download] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Enter')]);
    expect(download.suggestedFilename()).toBe('demo.txt');
    await tabTo(page, 'Lines');
    await page.keyboard.press('Tab');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    expect(await page.locator('.line-shape.active').allTextContents()).toEqual([lines[2]]);
    await page.keyboard.press('Control+C');
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(lines[2]);
    // One step leaves the list, however many lines it has.
    await page.keyboard.press('Tab');
    expect(await focused(page)).toContain('Times');
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('ArrowRight');
    expect(await focused(page)).toBe('Text');
    expect(await page.locator('textarea.text').inputValue()).toBe(lines.join('\n'));
    // The picture is zoomed and scrolled by keys, too.
    await page.locator('.sheet-area').focus();
    const before = await sheetWidth(page);
    await page.keyboard.press('+');
    expect(await sheetWidth(page)).toBeCloseTo(1.5 * before, -1);
    await page.keyboard.press('0');
    expect(await sheetWidth(page)).toBeCloseTo(before, -1);
  });

  it('each control that has the focus shows it', async () => {
    const { page } = await openPage(browser, server.url);
    await choose(page, 'line.png');
    await untilRead(page, 1);
    const hidden: string[] = [];
    for (let i = 0; i < 40; i++) {
      await page.keyboard.press('Tab');
      const [name, isShown] = await page.evaluate<[string, boolean]>(`(() => {
        const element = document.activeElement;
        const seen = element.type === 'file' ? element.nextElementSibling : element;
        const style = getComputedStyle(seen);
        return [element.outerHTML.slice(0, 80), element === document.body || (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2)];
      })()`);
      if (!isShown) hidden.push(name);
    }
    expect(hidden).toEqual([]);
  });

  it('a screen reader hears what happens to a file', async () => {
    const { page } = await openPage(browser, server.url);
    const heard = page.locator('p[role=status]');
    await choose(page, 'line.png');
    await expect.poll(() => heard.textContent(), { timeout: 60_000 }).toBe('line.png: 1 line read');
    await choose(page, 'not-a-picture.txt');
    await expect.poll(() => heard.textContent(), { timeout: 60_000 }).toContain('not-a-picture.txt failed: No picture');
    // The focus is where the result begins, if it was nowhere else.
    expect(await focused(page)).toBe('Result of line.png');
  });

  it.each([
    [375, 740],
    [320, 640],
  ])('a phone of %i x %i pixels shows all, and nothing sideways', async (width, height) => {
    const { page } = await openPage(browser, server.url, {
      viewport: { width, height },
      isMobile: true,
      hasTouch: true,
    });
    const camera = page.locator('input[capture=environment]');
    expect(await page.getByText('Take a photo').isVisible()).toBe(true);
    await camera.setInputFiles(fixturePath('demo.jpg'));
    await untilRead(page, 1);
    for (const summary of await page.locator('summary').all()) await summary.click();
    expect(Number(await page.evaluate('document.documentElement.scrollWidth'))).toBeLessThanOrEqual(width);
    // Fingers need 24 pixels.
    const small = await page.evaluate(`[...document.querySelectorAll('button, select, summary')].filter((element) => {
      const { width, height } = element.getBoundingClientRect();
      return width > 0 && (width < 24 || height < 24);
    }).map((element) => element.outerHTML)`);
    expect(small).toEqual([]);
    expect(await axeViolations(page)).toEqual([]);
  });

  it('a language that is chosen stays chosen, and all of the page is in it', async () => {
    const { page } = await openPage(browser, server.url);
    await page.getByLabel('Language').selectOption({ label: '中文' });
    await page.getByText('选择文件').waitFor();
    expect(await page.title()).toContain('识别');
    await page.reload();
    await page.getByText('选择文件').waitFor();
    await choose(page, 'line.png');
    await untilRead(page, 1);
    for (const summary of await page.locator('summary').all()) await summary.click();
    // What is English there says so.
    const english = await page.evaluate<string[]>(`(() => {
      const texts = [];
      const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      const elsewhere = '[lang=en], .lines, svg, bdi, pre, select, .field-name, [data-format], h1, noscript';
      for (let node = walk.nextNode(); node !== null; node = walk.nextNode()) {
        if (node.parentElement.closest(elsewhere) === null && /[A-Za-z]{3}/.test(node.data)) texts.push(node.data);
      }
      return texts;
    })()`);
    const names = /ocrhub|line\.png|curl|Python|JavaScript|JPEG|Ctrl|PDF|OCRHUB_TOKEN/;
    expect(english.filter((text) => !names.test(text))).toEqual([]);
  });
});

/** Presses Tab until the control of this name has the focus. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let i = 0; i < 60; i++) {
    await page.keyboard.press('Tab');
    if ((await focused(page)) === name) return;
  }
  throw new Error(`Tab does not reach ${name}`);
}

/** The text of the element with the focus, or of its label. */
function focused(page: Page): Promise<string> {
  return page.evaluate<string>(`(() => {
    const element = document.activeElement;
    return (element.labels?.[0] ?? element).textContent.trim();
  })()`);
}

async function sheetWidth(page: Page): Promise<number> {
  return (await page.locator('.sheet').boundingBox())?.width ?? 0;
}
