import { describe, expect, it } from 'vitest';
import { Job } from '../../../src/runtime/pool/job.js';
import type { UnreadableImage } from '../../../src/runtime/service/contract.js';
import type { LoadResult, TaskOutcome } from '../../../src/runtime/pool/messages.js';

const request = { route: 'x', images: [new Uint8Array(1), new Uint8Array(2), new Uint8Array(3)], fields: {} };

function jobOf(entries: LoadResult['entries']): Job {
  return new Job(request, { route: 'x', entries, setting: null, models: [] });
}

function outcome(results: string[], widths: (number | null)[], detect = 0): TaskOutcome {
  return {
    results,
    pages: widths.map((width) => (width === null ? null : { width, height: 7 })),
    unreadable: widths.flatMap((width, index) => (width === null ? [noPicture(index)] : [])),
    stages: { decode: 1, detect, classify: 0, recognize: 0 },
  };
}

function noPicture(index: number): UnreadableImage {
  return { index, code: 'image_unreadable', reason: 'no picture', hint: 'Send a PNG.' };
}

/** Finishes all tasks, the last one first. */
function finish(job: Job, outcomes: readonly TaskOutcome[]): void {
  const tasks = outcomes.map(() => job.take()?.task);
  for (const [i, task] of [...tasks.entries()].reverse()) if (task && outcomes[i]) job.finish(task, outcomes[i]);
}

describe('the answer to a request', () => {
  it.each([true, false])('has the entries in the order of the pictures (nested: %s)', async (nested) => {
    const job = jobOf({ nested });
    finish(job, [outcome(['["a"]'], [10], 2), outcome(['[]'], [20], 3), outcome(['["c"]'], [30])]);
    const answer = await job.answer;
    expect(answer.results).toEqual({ kind: 'entries', entries: ['["a"]', '[]', '["c"]'], nested });
    expect(answer.stages).toEqual({ decode: 3, detect: 5, classify: 0, recognize: 0 });
  });

  it("has each picture's size, and null for an unreadable picture", async () => {
    const job = jobOf({ nested: false });
    finish(job, [outcome(['1'], [10]), outcome(['null'], [null]), outcome(['3'], [30])]);
    const { pages, unreadable } = await job.answer;
    expect(pages).toEqual([{ width: 10, height: 7 }, null, { width: 30, height: 7 }]);
    expect(unreadable).toEqual([noPicture(1)]);
  });

  it('is one JSON text if the module takes the request as a whole', async () => {
    const job = jobOf(null);
    finish(job, [outcome(['{"total":3}'], [10, 20, 30])]);
    const { results, pages } = await job.answer;
    expect(results).toEqual({ kind: 'whole', json: '{"total":3}' });
    expect(pages.map((page) => page?.width)).toEqual([10, 20, 30]);
  });

  it('is an error if no picture can be read', async () => {
    const job = jobOf({ nested: false });
    finish(
      job,
      [0, 1, 2].map(() => outcome(['null'], [null])),
    );
    await expect(job.answer).rejects.toMatchObject({
      code: 'no_image_readable',
      details: { unreadable: [{ index: 0 }, { index: 1 }, { index: 2 }] },
    });
  });
});
