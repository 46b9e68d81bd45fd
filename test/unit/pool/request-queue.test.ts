import { expect, it, vi } from 'vitest';
import { OcrHubError } from '../../../src/runtime/errors/error.js';
import { Job } from '../../../src/runtime/pool/job.js';
import type { LoadResult } from '../../../src/runtime/pool/messages.js';
import { RequestQueue, type QueueLimits } from '../../../src/runtime/pool/request-queue.js';

const MiB = 1024 ** 2;
const module: LoadResult = { route: 'split', entries: { nested: false }, setting: null, models: [] };

function queueOf(limits: Partial<QueueLimits> = {}): RequestQueue {
  return new RequestQueue({ maxQueue: 64, maxBody: 64 * MiB, ...limits });
}

let clock = 0;

/** A request of `pictures` pictures that arrives after all earlier requests. */
function job(name: string, pictures = 1, bytes = 1): Job {
  const now = vi.spyOn(performance, 'now').mockReturnValue(++clock);
  const files = Array.from({ length: pictures }, () => ({ bytes: new Uint8Array(bytes), name: '' }));
  const created = new Job({ route: 'split', files, fields: { name }, reading: {} }, module, 100);
  // Most of these requests are never answered, and those that fail are checked through `answer`.
  created.answer.catch(() => undefined);
  now.mockRestore();
  return created;
}

/** The names of the requests whose tasks are taken, in order. */
function takeAll(queue: RequestQueue): unknown[] {
  const names: unknown[] = [];
  for (let next = queue.take(); next !== undefined; next = queue.take())
    names.push(next.task.job.request.fields['name']);
  return names;
}

const queueFull = (waiting: number, what: string) =>
  expect.objectContaining({ code: 'queue_full', details: { waiting, what } }) as Error;

it('the queue returns requests of one picture in the order in which they arrive', () => {
  const queue = queueOf();
  for (const name of ['a', 'b', 'c']) queue.add(job(name), 0);
  expect(takeAll(queue)).toEqual(['a', 'b', 'c']);
  expect(queue.isEmpty).toBe(true);
});

it('the queue alternates between the oldest request and the request with the fewest waiting pictures', () => {
  const queue = queueOf();
  queue.add(job('many', 6), 0);
  queue.add(job('few', 2), 0);
  queue.add(job('one', 1), 0);
  expect(takeAll(queue)).toEqual(['many', 'one', 'many', 'few', 'many', 'few', 'many', 'many', 'many']);
});

it('the queue refuses a request of one picture if max_queue requests wait', () => {
  const queue = queueOf({ maxQueue: 2 });
  queue.add(job('a', 20), 0);
  queue.add(job('b'), 0);
  expect(() => queue.add(job('c'), 0)).toThrow(queueFull(2, 'requests'));
  expect(takeAll(queue)).not.toContain('c');
});

it('the queue counts each waiting request for at most as many pictures as the new request has', () => {
  const queue = queueOf({ maxQueue: 10 });
  queue.add(job('many', 50), 0);
  queue.add(job('one'), 0);
  expect(() => queue.requireTurns(5, 0)).not.toThrow();
  expect(() => queue.requireTurns(9, 0)).toThrow(queueFull(10, 'pictures'));
});

it('the queue accepts one more request for each idle process, so that a queue of length 0 accepts requests', () => {
  const queue = queueOf({ maxQueue: 0 });
  expect(() => queue.requireTurns(1, 0)).toThrow(queueFull(0, 'requests'));
  expect(() => queue.requireTurns(1, 1)).not.toThrow();
});

it('the queue refuses pictures beyond 256 MiB in total until an admitted request is released', () => {
  const queue = queueOf();
  const large = job('large', 1, 200 * MiB);
  queue.add(large, 0);
  expect(takeAll(queue)).toEqual(['large']);
  expect(() => queue.add(job('next', 1, 100 * MiB), 0)).toThrow(queueFull(200 * MiB, 'bytes'));
  queue.release(large);
  expect(() => queue.add(job('next', 1, 100 * MiB), 0)).not.toThrow();
});

it('the queue accepts the pictures of two bodies of the maximum size in total', () => {
  const queue = queueOf({ maxBody: 200 * MiB });
  queue.add(job('a', 1, 200 * MiB), 0);
  expect(() => queue.add(job('b', 1, 200 * MiB), 0)).not.toThrow();
});

it('the queue puts a task back at the position at which its request arrived', () => {
  const queue = queueOf();
  queue.add(job('a'), 0);
  queue.add(job('b'), 0);
  const first = queue.take();
  expect(first?.task.job.request.fields['name']).toBe('a');
  if (first !== undefined) queue.putBack(first.task);
  // The turn of the request with the fewest pictures: of two with one each, the older one.
  expect(takeAll(queue)).toEqual(['a', 'b']);
});

it('the queue counts the requests without a started task', () => {
  const queue = queueOf();
  queue.add(job('a', 3), 0);
  queue.add(job('b'), 0);
  expect(queue.unstarted).toBe(2);
  queue.take();
  expect(queue.unstarted).toBe(1);
});

it('the queue forgets a removed request', () => {
  const queue = queueOf();
  const gone = job('gone', 3);
  queue.add(gone, 0);
  queue.add(job('b'), 0);
  queue.remove(gone);
  queue.remove(gone);
  expect(takeAll(queue)).toEqual(['b']);
});

it('the queue fails all waiting requests with one error', async () => {
  const queue = queueOf();
  const jobs = [job('a'), job('b', 2)];
  for (const waiting of jobs) queue.add(waiting, 0);
  queue.failAll(new OcrHubError('not_ready', { state: 'failed', reason: 'broken' }));
  expect(queue.isEmpty).toBe(true);
  for (const { answer } of jobs) await expect(answer).rejects.toMatchObject({ code: 'not_ready' });
});
