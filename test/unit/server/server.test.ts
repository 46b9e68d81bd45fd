import { expect, it, onTestFinished, vi } from 'vitest';
import { homeAt } from '../../../src/runtime/config/home.js';
import type { ServedModule, ServeOptions } from '../../../src/runtime/options/serve-options.js';
import { FolderStore } from '../../../src/runtime/jobs/folder-store.js';
import type { ServerLog } from '../../../src/runtime/server/log.js';
import { Server } from '../../../src/runtime/server/server.js';
import { freePort } from '../../helpers/home.js';
import { opened, post } from '../../helpers/http.js';
import { until } from '../../helpers/server.js';

vi.mock('../../../src/runtime/pool/worker-handle.js', () => import('../../helpers/stub-process.js'));

const modules = [
  {
    route: 'split',
    name: 'split',
    version: '1.0.0',
    hash: 'a',
    fields: { type: 'object', properties: { ms: { type: 'number' } }, required: [] },
  },
] as unknown as ServedModule[];

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

async function makeServer(
  given: Partial<ServeOptions> = {},
  log: ServerLog = silent,
): Promise<{ server: Server; url: string }> {
  const options = {
    modules,
    port: await freePort(),
    host: '127.0.0.1',
    processes: 1,
    maxQueue: 64,
    maxBody: 64 * 1024 ** 2,
    timeout: 60,
    maxMemory: Infinity,
    maxTasks: 0,
    grace: 1,
    tokenFile: undefined,
    allowUrls: [],
    allowedHosts: [],
    cors: [],
    trustProxy: [],
    basePath: '',
    protocols: ['hubserving'],
    ...given,
  } as ServeOptions;
  const home = homeAt('/nowhere', '/nowhere/config.json');
  const limits = { keepMs: 1000, maxItems: 1, maxBytes: 1 };
  const jobStore = new FolderStore(home.jobs, limits);
  const parts = { home, options, jobStore, tokens: () => [], log, onFailed: () => undefined };
  const server = new Server(parts);
  onTestFinished(() => server.abort());
  return { server, url: `http://127.0.0.1:${options.port}` };
}

async function startServer(given: Partial<ServeOptions> = {}): Promise<{ server: Server; url: string }> {
  const made = await makeServer(given);
  await made.server.start();
  return made;
}

it('an error of the server has its line, however many requests were refused before', async () => {
  const log = { ...silent, info: vi.fn(), error: vi.fn() };
  const { server } = await makeServer({}, log);
  for (let i = 0; i < 500; i++) server.noteRefusal({ id: '1', from: 'x', httpStatus: 404, message: 'no' });
  expect(log.info.mock.calls.length).toBeLessThan(200);
  server.noteRefusal({ id: '2', from: 'x', httpStatus: 500, message: 'broken', stack: 'at x' });
  expect(log.error.mock.calls).toMatchObject([[{ id: '2', stack: 'at x' }, 'request']]);
});

it('the second of two simultaneous reloads is refused', async () => {
  const { server } = await startServer();
  const outcomes = await Promise.allSettled([server.reload(modules), server.reload(modules)]);
  expect(outcomes).toMatchObject([{ status: 'fulfilled' }, { status: 'rejected', reason: { code: 'reload_busy' } }]);
  await server.reload(modules);
});

it('stopping a server cancels a reload in progress', async () => {
  const { server } = await startServer();
  const reload = expect(server.reload(modules)).rejects.toMatchObject({ code: 'not_ready' });
  await server.stop();
  await reload;
});

it('a request in a replaced pool gets 503 if the grace period of a stop ends first', async () => {
  const { server, url } = await startServer();
  const asked = post(`${url}/predict/split`, { images: ['AAAA'], ms: 50_000 });
  await until(
    'it is at work',
    () => Promise.resolve(server.health().processes),
    (processes) => processes.some(({ state }) => state === 'busy'),
  );
  await server.reload(modules);
  await server.stop();
  expect(opened(await asked)).toMatchObject({ http: 503, status: '101' });
});
