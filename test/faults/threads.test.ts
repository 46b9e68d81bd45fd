import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { removeHome, sharedHome } from '../helpers/home.js';
import { opened } from '../helpers/http.js';
import { installModule } from '../helpers/module.js';
import { fixture } from '../helpers/pictures.js';
import { health, predict, startServer, untilHealth, untilLogged, type TestServer } from '../helpers/server.js';

/* A thread that reads lines dies while a page is read (decision 7). */

let home = '';
let server: TestServer;

beforeAll(async () => {
  home = await sharedHome();
  await installModule(
    home,
    `
  name: 'pages',
  version: '1.0.0',
  fields: z.object({
    /** What happens to a reading thread when it gets its next lines. */
    dies: z.enum(['ends', 'throws', 'stays']),
    /** Nothing happens if this file exists; it is created first. */
    unless: z.string(),
  }),
  warmUp: { dies: 'stays', unless: '' },
  entries: { empty: null, nested: false },
  initialize: () => TextSystem.create(systemParams.parse({ precision: 'f32' })),
  async predict({ images, dies, unless }, system) {
    deadly = dies !== 'stays' && !existsSync(unless) ? dies : undefined;
    if (deadly !== undefined) writeFileSync(unless, '');
    const pages = [];
    for (const image of images) pages.push(await system.read(image));
    return pages.map((lines) => ({ pid: process.pid, lines }));
  },`,
    `
import { existsSync, writeFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { systemParams, TextSystem } from 'ocrhub';

let deadly;

/** The API gives no access to the threads, so this intercepts the messages to them. */
const { postMessage } = Worker.prototype;
Worker.prototype.postMessage = function (message, ...rest) {
  postMessage.call(this, message, ...rest);
  if (message.type !== 'read' || deadly === undefined) return;
  if (deadly === 'ends') void this.terminate();
  // Not a message of ocrhub: the thread throws an uncaught error.
  else postMessage.call(this, null);
};
`,
  );
  server = await startServer(home, { flags: ['-m', 'pages', '--grace', '5'] });
});
afterAll(() => removeHome(home));

interface Page {
  readonly pid: number;
  readonly lines: readonly object[];
}

async function read(dies: string, unless: string): Promise<Page | undefined> {
  const answer = await predict(server, 'pages', { images: [fixture('receipt.jpg')], dies, unless });
  expect(opened(answer)).toMatchObject({ http: 200, msg: '', status: '000' });
  return opened<Page[]>(answer).results[0];
}

it.skipIf(os.availableParallelism() < 2).each(['ends', 'throws'])(
  'a reading thread that %s ends its process, and a new process reads the page (needs two cores)',
  async (dies) => {
    const before = await read('stays', '');
    const mark = path.join(home, dies);
    const after = await read(dies, mark);
    expect(after?.pid).not.toBe(before?.pid);
    expect(after?.lines).toHaveLength(54);
    expect(after?.lines).toEqual(before?.lines);
    const ended = await untilLogged(
      server.logFile,
      ({ msg, pid }) => msg === 'inference process ended' && pid === before?.pid,
    );
    // Terminating a thread inside the engine may abort the process before the exit of the thread is reported.
    expect(ended).toMatchObject({ level: 40, end: expect.stringMatching(/exit code|SIGABRT/) as string });
    const { processes, failed } = await untilHealth(server, 'ready', ({ status }) => status === 'ready');
    expect(processes.map(({ pid }) => pid)).toEqual([after?.pid]);
    expect(failed).toBe(0);
    // The threads of the new process work.
    expect((await read(dies, mark))?.pid).toBe(after?.pid);
    expect((await health(server)).served).toBeGreaterThan(0);
  },
);
