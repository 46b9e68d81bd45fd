import { EventEmitter } from 'node:events';
import { expect, it, vi } from 'vitest';
import { QueueWorker, type QueueWorkerParts } from '../../../src/runtime/batch/queue/queue-worker.js';
import type { Broker } from '../../../src/runtime/broker/broker.js';

/** A worker of BullMQ whose events the test sends. */
class SilentWorker extends EventEmitter {
  isPaused = false;
  readonly pause = (): Promise<void> => Promise.resolve(void (this.isPaused = true));
  readonly resume = (): Promise<void> => Promise.resolve(void (this.isPaused = false));
  readonly run = (): Promise<void> => new Promise(() => undefined);
  readonly close = (): Promise<void> => Promise.resolve();
}

it('takes no unit while one waits, and goes on beside a unit that fails without being read', async () => {
  const worker = new SilentWorker();
  const broker = { worker: () => Promise.resolve(worker) } as unknown as Broker;
  const drain = new AbortController();
  const queueWorker = new QueueWorker(broker, {} as QueueWorkerParts);
  const ended = queueWorker.run({ drain: drain.signal, stop: new AbortController().signal });
  await vi.waitUntil(() => worker.listenerCount('active') > 0);

  // Its lock may be lost before it is marked as failed, and then no event follows.
  worker.emit('active', { id: 'lost', deferredFailure: 'job stalled more than allowable limit' });
  expect(worker.isPaused).toBe(false);
  worker.emit('active', { id: 'read' });
  expect(worker.isPaused).toBe(true);

  drain.abort();
  await ended;
});
