import { mkdir, readdir, rename, rm, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { removeHome, temporaryHome } from '../helpers/home.js';
import { post, send } from '../helpers/http.js';
import { installModule } from '../helpers/module.js';
import { isRunning, predict, startServer, until, type TestServer } from '../helpers/server.js';
import { fixture } from '../helpers/pictures.js';

/* Files of jobs that somebody moves or removes while a server works on them. */

let home: string;
let server: TestServer;

beforeEach(async () => {
  home = await temporaryHome();
  await installModule(
    home,
    `name: 'slow', version: '1.0.0', summary: 'Is slow', params: {},
  entries: { empty: [], nested: false },
  predict: async () => { await new Promise((resolve) => setTimeout(resolve, 1500));
    return [[{ text: 'late', confidence: 1, text_region: [[0, 0], [9, 0], [9, 9], [0, 9]] }]]; },`,
  );
  server = await startServer(home, { flags: ['-m', 'slow', '--workers', '1'] });
});

afterEach(() => removeHome(home));

async function submit(): Promise<string> {
  const where = '/documentintelligence/documentModels/prebuilt-read:analyze?api-version=2024-11-30';
  const { http, headers, text } = await post(`${server.url}${where}`, { base64Source: fixture('pixel.png') });
  expect([http, text]).toEqual([202, expect.anything()]);
  return String(headers['operation-location']);
}

async function ended(job: string): Promise<string> {
  return until(
    'the job ended',
    async () => (await send(job)).text,
    (text) => !/"(running|notStarted)"/.test(text),
  );
}

it.each([
  ['the folder of all jobs', async (jobs: string) => rm(jobs, { recursive: true })],
  ['each job', async (jobs: string) => removeBelow(jobs, () => true)],
])(
  'a server goes on when %s is removed, and says that such a job is not there',
  async (_, removeIt) => {
    const jobs = [await submit(), await submit()];
    await removeIt(path.join(home, 'jobs'));
    for (const job of jobs) {
      const answer = await send(job);
      // The one in work may have been read already.
      if (answer.http !== 200) expect([answer.http, answer.text]).toEqual([404, expect.stringContaining('"NotFound"')]);
    }
    expect(await ended(await submit())).toContain('"content":"late"');
    expect(await predict(server, 'slow', { images: [fixture('pixel.png')] })).toMatchObject({ http: 200 });
    expect(isRunning(server.pid)).toBe(true);
  },
  60_000,
);

it.each([
  ['request.json is removed', 'request.json', (file: string) => rm(file)],
  ['request.json is cut off', 'request.json', (file: string) => truncate(file, 20)],
  ['request.json holds something else', 'request.json', (file: string) => writeFile(file, '{}')],
  ['request.json holds nothing', 'request.json', (file: string) => writeFile(file, 'null')],
  ['file is removed', 'file-0', (file: string) => rm(file)],
])(
  'a job that waits and whose %s fails, and says what is gone',
  async (_, part, spoil) => {
    const jobs = [await submit(), await submit(), await submit()];
    // The last one waits while the first is in work.
    const id = /j[\da-f]{40}/.exec(jobs[2] ?? '')?.[0] ?? '';
    await spoil(path.join(home, 'jobs', id, part));
    const end = await ended(jobs[2] ?? '');
    expect(end).toContain('"failed"');
    expect(end).toContain(`What was sent with this job cannot be read any more: ${part} was removed or damaged`);
    expect(await ended(await submit())).toContain('"content":"late"');
  },
  60_000,
);

it('a server whose folder of jobs is moved away and back has its jobs again', async () => {
  const done = await submit();
  expect(await ended(done)).toContain('"content":"late"');
  const folder = path.join(home, 'jobs');
  await rename(folder, `${folder}-moved`);
  expect((await send(done)).http).toBe(404);
  await rm(folder, { recursive: true, force: true });
  await rename(`${folder}-moved`, folder);
  expect(await ended(done)).toContain('"content":"late"');
  await mkdir(folder, { recursive: true });
}, 60_000);

async function removeBelow(folder: string, isMeant: (name: string) => boolean): Promise<void> {
  for (const name of (await readdir(folder)).filter(isMeant))
    await rm(path.join(folder, name), { recursive: true, force: true });
}
