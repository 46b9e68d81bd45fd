import { execFile } from 'node:child_process';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { toCurl } from '../../../src/page/snippets/curl.js';
import { toJavaScript } from '../../../src/page/snippets/javascript.js';
import { secretsOf, type ProgramRequest } from '../../../src/page/snippets/program.js';
import { toPython } from '../../../src/page/snippets/python.js';
import { temporaryFolder } from '../../helpers/home.js';
import { startLinesServer } from '../../helpers/lines-server.js';

const run = promisify(execFile);

/** Runs a program as a user does who pastes it. */
const programs = {
  curl: (request: ProgramRequest, cwd: string) => start('sh', ['-c', toCurl(request)], cwd),
  Python: async (request: ProgramRequest, cwd: string) => {
    await writeFile(path.join(cwd, 'program.py'), toPython(request));
    return start('python3', ['program.py'], cwd);
  },
  JavaScript: async (request: ProgramRequest, cwd: string) => {
    await writeFile(path.join(cwd, 'program.mjs'), toJavaScript(request));
    return start(process.execPath, ['program.mjs'], cwd);
  },
};

const env = { ...process.env, OCRHUB_TOKEN: 'sesame', PDF_PASSWORD: `se"c'ret&=` };

const start = (command: string, args: readonly string[], cwd: string) => run(command, args, { cwd, env });

const cases = Object.entries(programs);

/** On Windows a file has no such name, and the command for curl is for another shell. */
describe.skipIf(process.platform === 'win32').each(cases)('the program for %s', (language, execute) => {
  it.each([
    'page.jpg',
    `it's "a" $(touch made); & \`touch made\` 50% 页.png`,
    'back\\slash,;type=text.png',
    '-',
    '-F',
    'line\nbreak.png',
    '<b>x&amp;.png',
  ])('sends the file %j and the fields', async (fileName) => {
    const { url, requests } = await startLinesServer({ token: 'sesame' });
    const cwd = path.join(await temporaryFolder(), 'scans');
    await mkdir(cwd);
    await writeFile(path.join(cwd, fileName), 'bytes of the picture');
    const fields = { drop_score: '0.25', pages: '1-3,7', page_rotation: '90', password: env.PDF_PASSWORD };
    const address = `${url}/predict/ocr_system`;
    const { stdout } = await execute({ url: address, fileName, fields, isDocument: false, needsToken: true }, cwd);
    expect(stdout).toContain('Hello ocrhub');
    expect(requests).toHaveLength(1);
    expect(Buffer.from(requests[0]?.files[0]?.bytes ?? []).toString()).toBe('bytes of the picture');
    expect(requests[0]?.fields).toEqual({ drop_score: 0.25, page_rotation: 90 });
    expect(requests[0]?.reading).toMatchObject({ pages: '1-3,7', password: env.PDF_PASSWORD });
    expect(await readdir(cwd)).not.toContain('made');
  });

  it('prints the pages of a document', async () => {
    const pages = ['one', 'two'].map((text) => [
      {
        text,
        confidence: 1,
        text_region: [
          [0, 0],
          [9, 0],
          [9, 9],
          [0, 9],
        ],
      },
    ]);
    const { url } = await startLinesServer({ kind: 'document', pages });
    const cwd = await temporaryFolder();
    await writeFile(path.join(cwd, 'a.pdf'), '%PDF-');
    const request = { url: `${url}/predict/ocr_system`, fileName: 'a.pdf', fields: {}, isDocument: true };
    const { stdout } = await execute({ ...request, needsToken: false }, cwd);
    expect(stdout).toMatch(/one[\s\S]*two/);
  });

  it('fails with the message of the server', async () => {
    const { url } = await startLinesServer({ routes: ['other'] });
    const cwd = await temporaryFolder();
    await writeFile(path.join(cwd, 'a.png'), 'x');
    const request = { url: `${url}/predict/ocr_system`, fileName: 'a.png', fields: {}, isDocument: false };
    const failed = execute({ ...request, needsToken: false }, cwd);
    await expect(failed).rejects.toThrow();
    if (language !== 'Python') await expect(failed).rejects.toMatchObject({ code: language === 'curl' ? 22 : 1 });
  });
});

describe('a program', () => {
  const request = { url: 'http://h/predict/m', fileName: 'a.pdf', fields: { password: 'hidden' }, isDocument: false };

  it('shows neither the token nor the password, and names the variables that it takes them from', () => {
    const withToken = { ...request, needsToken: true };
    for (const write of [toCurl, toPython, toJavaScript]) {
      expect(write(withToken)).not.toContain('hidden');
      expect(write(withToken)).toContain('PDF_PASSWORD');
    }
    expect(secretsOf(withToken)).toEqual(['OCRHUB_TOKEN', 'PDF_PASSWORD']);
    expect(secretsOf({ ...request, fields: {}, needsToken: false })).toEqual([]);
  });
});
