import { mkdir, readdir, rename, rm, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { removeHome, temporaryHome } from '../helpers/home.js';
import { send } from '../helpers/http.js';
import { isRunning, predict, startServer, until, type TestServer } from '../helpers/server.js';
import { fixture } from '../helpers/pictures.js';
import { installSlow, submitJob } from '../helpers/slow-jobs.js';

/* Files of jobs that somebody moves or removes while a server works on them. */

let home: string;
let server: TestServer;

beforeEach(async () => {
  home = await temporaryHome();
  await installSlow(home, 1500);
  server = await startServer(home, { flags: ['-m', 'slow', '--workers', '1'] });
});

afterEach(() => removeHome(home));

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
    const jobs = [await submitJob(server), await submitJob(server)];
    await removeIt(path.join(home, 'jobs'));
    for (const job of jobs) {
      const answer = await send(job);
      // The one in work may have been read already.
      if (answer.http !== 200) expect([answer.http, answer.text]).toEqual([404, expect.stringContaining('"NotFound"')]);
    }
    expect(await ended(await submitJob(server))).toContain('"content":"late"');
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
    const jobs = [await submitJob(server), await submitJob(server), await submitJob(server)];
    // The last one waits while the first is in work.
    const id = /j[\da-f]{40}/.exec(jobs[2] ?? '')?.[0] ?? '';
    await spoil(path.join(home, 'jobs', id, part));
    const end = await ended(jobs[2] ?? '');
    expect(end).toContain('"failed"');
    expect(end).toContain(`What was sent with this job cannot be read any more: ${part} was removed or damaged`);
    expect(await ended(await submitJob(server))).toContain('"content":"late"');
  },
  60_000,
);

it('a server whose folder of jobs is moved away and back has its jobs again', async () => {
  const done = await submitJob(server);
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
