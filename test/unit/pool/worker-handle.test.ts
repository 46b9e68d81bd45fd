import { setTimeout as sleep } from 'node:timers/promises';
import { ChildProcess, fork } from 'node:child_process';
import { expect, it, vi } from 'vitest';
import { prespawnWorker, spawnWorker } from '../../../src/runtime/pool/spawn-worker.js';
import { WorkerHandle, type WorkerEvents } from '../../../src/runtime/pool/worker-handle.js';
import type { LoadMessage } from '../../../src/runtime/pool/messages.js';

vi.mock('node:child_process', async (original) => ({ ...(await original<object>()), fork: vi.fn() }));

/** For a process without an id, the signal would go to the process group of this process. */
const kill = vi.fn(() => false);

/** The return value of `fork` without a free file descriptor; the error is emitted later. */
function notStarted(): ChildProcess {
  const child = Object.assign(new ChildProcess(), { kill });
  process.nextTick(() => child.emit('error', new Error('spawn EMFILE')));
  return child;
}

function outOfMemory(): never {
  throw new Error('spawn ENOMEM');
}

const failures = [
  ['EMFILE', notStarted],
  ['ENOMEM', outOfMemory],
] as const;

it.each(failures)('a worker that the OS cannot start ends with the spawn error: %s', async (code, start) => {
  vi.mocked(fork).mockImplementation(start);
  const ended = vi.fn<WorkerEvents['ended']>();
  const process = new WorkerHandle({ startedIn: '/' } as LoadMessage, { ended } as unknown as WorkerEvents);
  process.kill();
  await vi.waitFor(() => expect(ended.mock.calls).toEqual([[process, `spawn ${code}`]]));
  expect(kill).not.toHaveBeenCalled();
});

it.each([notStarted, outOfMemory])(
  'spawnWorker starts another process if the OS could not start the prespawned one',
  async (start) => {
    vi.mocked(fork).mockImplementation(start);
    prespawnWorker();
    await new Promise((resolve) => setImmediate(resolve));
    const child = new ChildProcess();
    vi.mocked(fork).mockReset().mockReturnValue(child);
    expect(spawnWorker({ startedIn: '/' } as LoadMessage)).toBe(child);
    expect(fork).toHaveBeenCalledOnce();
  },
);

it('a worker drops the document of a page that it reads when the request is over', () => {
  const send = vi.fn<(message: object) => boolean>(() => true);
  const child = Object.defineProperty(Object.assign(new ChildProcess(), { kill, send }), 'connected', { value: true });
  vi.mocked(fork).mockReset().mockReturnValue(child);
  const worker = new WorkerHandle({ startedIn: '/' } as LoadMessage, { ended: vi.fn() } as unknown as WorkerEvents);
  const files = [{ id: 7, bytes: new Uint8Array() }];
  worker.run({ type: 'read', id: 1, route: 'a', files, fields: {}, reading: {} }, 1000);
  worker.release([7]);
  worker.kill();
  child.emit('exit', null, 'SIGKILL');
  expect(send.mock.calls.map(([message]) => message)).toContainEqual({ type: 'release', file: 7 });
});

it.each([
  ['after its time is over', 20, true],
  ['before', 60_000, false],
])('a worker that is killed %s', async (_, timeoutMs, wasTooSlow) => {
  const child = Object.defineProperty(Object.assign(new ChildProcess(), { kill, send: vi.fn() }), 'connected', {
    value: true,
  });
  vi.mocked(fork).mockReset().mockReturnValue(child);
  const worker = new WorkerHandle({ startedIn: '/' } as LoadMessage, { ended: vi.fn() } as unknown as WorkerEvents);
  worker.run({ type: 'read', id: 1, route: 'a', files: [], fields: {}, reading: {} }, timeoutMs);
  await sleep(40);
  worker.kill();
  child.emit('exit', null, 'SIGKILL');
  expect([worker.wasTooSlow, worker.wasKilled]).toEqual([wasTooSlow, false]);
});

it.each([
  ['SIGKILL', true],
  ['SIGTERM', false],
  ['SIGSEGV', false],
])('%s of a worker is a kill: %s', (signal, wasKilled) => {
  const child = Object.assign(new ChildProcess(), { kill, send: vi.fn() });
  vi.mocked(fork).mockReset().mockReturnValue(child);
  const worker = new WorkerHandle({ startedIn: '/' } as LoadMessage, { ended: vi.fn() } as unknown as WorkerEvents);
  child.emit('exit', null, signal);
  expect(worker.wasKilled).toBe(wasKilled);
});
