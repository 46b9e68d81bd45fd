import { ChildProcess, fork } from 'node:child_process';
import { expect, it, vi } from 'vitest';
import { prespawnWorker } from '../../../src/runtime/pool/spawn-worker.js';
import { WorkerHandle, type ProcessEvents } from '../../../src/runtime/pool/worker-handle.js';
import type { LoadMessage } from '../../../src/runtime/pool/messages.js';

vi.mock('node:child_process', async (original) => ({ ...(await original<object>()), fork: vi.fn() }));

/** Of a process without an id the signal would go to the whole group, this process among it. */
const kill = vi.fn(() => false);

/** What Node returns where there is no file descriptor left: it says so a moment later. */
function notStarted(): ChildProcess {
  const child = Object.assign(new ChildProcess(), { kill });
  process.nextTick(() => child.emit('error', new Error('spawn EMFILE')));
  return child;
}

function outOfMemory(): never {
  throw new Error('spawn ENOMEM');
}

it.each([
  ['EMFILE', notStarted],
  ['ENOMEM', outOfMemory],
])('a process that the system does not start has ended, and says why: %s', async (code, start) => {
  vi.mocked(fork).mockImplementation(start);
  const ended = vi.fn<ProcessEvents['ended']>();
  const process = new WorkerHandle({ startedIn: '/' } as LoadMessage, { ended } as unknown as ProcessEvents);
  process.kill();
  await vi.waitFor(() => expect(ended.mock.calls).toEqual([[process, `spawn ${code}`]]));
  expect(kill).not.toHaveBeenCalled();
});

it.each([notStarted, outOfMemory])('one that is to be started ahead is no loss', async (start) => {
  vi.mocked(fork).mockImplementation(start);
  prespawnWorker();
  await new Promise((resolve) => setImmediate(resolve));
});
