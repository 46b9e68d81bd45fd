import { execFile } from 'node:child_process';
import { copyFile, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ocrhubJson } from '../helpers/cli.js';
import { removeHome, sharedHome, temporaryFolder } from '../helpers/home.js';
import { makePdf } from '../helpers/pdf.js';
import { startServer, type TestServer } from '../helpers/server.js';
import { choose, fixturePath, linesOf, openPage, skipped, startBrowser, untilRead } from './browser.js';

const run = promisify(execFile);

/** A name that a shell, curl and a string must quote. */
const hardName = `it's "a" $(touch made); & \`x\` 50% 页.png`;

describe.skipIf(skipped !== '')(`the programs on the page${skipped}`, () => {
  let home: string;
  let server: TestServer;
  let browser: Browser;
  const env = { ...process.env, OCRHUB_TOKEN: 'sesame', PDF_PASSWORD: 'se"cret' };

  beforeAll(async () => {
    home = await sharedHome();
    await ocrhubJson(home, ['install', 'ocr_system']);
    server = await startServer(home, { flags: ['-m', 'ocr_system'], env: { OCRHUB_TOKEN: 'sesame' } });
    browser = await startBrowser();
  });
  afterAll(async () => {
    await browser.close();
    await removeHome(home);
  });

  /** Reads a file on the page, with the token. */
  async function read(file: string, settings: Readonly<Record<string, string>>): Promise<Page> {
    const { page } = await openPage(browser, server.url);
    await page.getByText('Settings', { exact: true }).click();
    for (const [name, value] of Object.entries(settings)) await page.getByLabel(name, { exact: true }).fill(value);
    await choose(page, file);
    await page.getByLabel('Token').fill('sesame');
    await page.keyboard.press('Enter');
    await page.locator('.state.done').waitFor({ timeout: 60_000 });
    await untilRead(page, 1);
    await page.getByText('The same from a program').click();
    return page;
  }

  async function programOf(page: Page, language: string): Promise<string> {
    await page.getByRole('tab', { name: language, exact: true }).click();
    return (await page.locator('[data-program]').textContent()) ?? '';
  }

  /** Runs a program as a user does who pastes it. Answers what it prints. */
  async function paste(language: string, program: string, cwd: string): Promise<string> {
    if (language === 'curl') return (await run('sh', ['-c', program], { cwd, env })).stdout;
    const [file, command] = language === 'Python' ? ['program.py', 'python3'] : ['program.mjs', process.execPath];
    await writeFile(path.join(cwd, file), program);
    return (await run(command, [file], { cwd, env })).stdout;
  }

  it.each(['curl', 'Python', 'JavaScript'])(
    '%s reads a file of any name with the settings of the page',
    async (language) => {
      const cwd = await temporaryFolder();
      await copyFile(fixturePath('demo.jpg'), path.join(cwd, hardName));
      const page = await read(path.join(cwd, hardName), { drop_score: '0.999' });
      const lines = await linesOf(page);
      expect(lines.length).toBeGreaterThan(1);
      expect(lines.length).toBeLessThan(16);
      const program = await programOf(page, language);
      expect(program).not.toContain('sesame');
      const answer = JSON.parse(await paste(language, program, cwd)) as unknown;
      const [entry] = (language === 'curl' ? (answer as { results: unknown }).results : answer) as { text: string }[][];
      expect(entry?.map(({ text }) => text)).toEqual(lines);
      expect(await readdir(cwd)).not.toContain('made');
    },
  );

  it.each(['curl', 'Python', 'JavaScript'])(
    '%s reads the pages of an encrypted PDF file, and shows no password',
    async (language) => {
      const cwd = await temporaryFolder();
      const pages = [1, 2, 3].map((number) => ({ size: [300, 100] as const, text: [`Sheet ${number}`] }));
      await writeFile(path.join(cwd, 'secret.pdf'), await makePdf(pages, { password: env.PDF_PASSWORD }));
      const page = await read(path.join(cwd, 'secret.pdf'), { password: env.PDF_PASSWORD, pages: '2-3' });
      expect(await linesOf(page)).toEqual(['Sheet 2']);
      const program = await programOf(page, language);
      expect(program).not.toMatch(/se.?"cret|sesame/);
      const answer = JSON.parse(await paste(language, program, cwd)) as unknown;
      const [read2] = (language === 'curl' ? (answer as { pages: unknown }).pages : answer) as {
        result: { text: string }[];
      }[][];
      expect(read2?.map(({ result }) => result.map(({ text }) => text))).toEqual([['Sheet 2'], ['Sheet 3']]);
    },
  );
});
