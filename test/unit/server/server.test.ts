import { createServer } from 'node:http';
import type * as Http from 'node:http';
import { expect, it, onTestFinished, vi } from 'vitest';
import type { ServedModule, ServeOptions } from '../../../src/runtime/options/serve-options.js';
import { Server } from '../../../src/runtime/server/server.js';
import { freePort } from '../../helpers/home.js';
import { opened, post } from '../../helpers/http.js';
import { until } from '../../helpers/server.js';

vi.mock('../../../src/runtime/pool/worker-handle.js', () => import('../../helpers/stub-process.js'));
vi.mock('node:http', async (original) => {
  const http = await original<typeof Http>();
  return { ...http, createServer: vi.fn(http.createServer) };
});

const modules = [
  { route: 'split', name: 'split', version: '1.0.0', hash: 'a', fields: [] },
] as unknown as ServedModule[];

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

async function startServer(options: Partial<ServeOptions> = {}): Promise<{ server: Server; url: string }> {
  const serve = {
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
    ...options,
  } as ServeOptions;
  const server = new Server({ serve, token: undefined, log: silent, onFailed: () => undefined });
  onTestFinished(() => server.abort());
  await server.start();
  return { server, url: `http://127.0.0.1:${serve.port}` };
}

it('of two reloads at once one is refused', async () => {
  const { server } = await startServer();
  const outcomes = await Promise.allSettled([server.reload(modules), server.reload(modules)]);
  expect(outcomes).toMatchObject([{ status: 'fulfilled' }, { status: 'rejected', reason: { code: 'reload_busy' } }]);
  await server.reload(modules);
});

it('a reload during which the server is stopped starts nothing any more', async () => {
  const { server } = await startServer();
  const reload = expect(server.reload(modules)).rejects.toMatchObject({ code: 'not_ready' });
  await server.stop();
  await reload;
});

it('what was asked before a reload is answered with 503 when a stop cannot wait for it', async () => {
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

it('a body may take as long as the slowest line needs for the largest', async () => {
  await startServer({ maxBody: 64 * 1024 ** 2 });
  const [options] = vi.mocked(createServer).mock.calls.at(-1) ?? [];
  // 128 kbit/s.
  expect(options).toMatchObject({ headersTimeout: 10_000, requestTimeout: (60 + 64 * 64) * 1000 });
});
