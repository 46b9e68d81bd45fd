import { describe, expect, it } from 'vitest';
import { Job } from '../../../src/runtime/pool/job.js';
import type { UnreadableImage } from '../../../src/runtime/service/contract.js';
import type { LoadResult, OpenedFile, ReadOutcome } from '../../../src/runtime/pool/messages.js';

const files = [1, 2, 3].map((size) => ({ bytes: new Uint8Array(size), name: `${size}.png` }));
const request = { route: 'x', files, fields: {}, reading: {} };

function jobOf(entries: LoadResult['entries'], more: object = {}): Job {
  return new Job({ ...request, ...more }, { route: 'x', entries, setting: null, models: [] }, 100);
}

function picture(width: number): OpenedFile {
  return { kind: 'picture', pages: [{ number: 1, width, height: 7 }], rest: [] };
}

function outcome(results: string[], widths: (number | null)[], detect = 0): ReadOutcome {
  return {
    type: 'read',
    results,
    files: widths.map((width) => (width === null ? null : picture(width))),
    unreadable: widths.flatMap((width, index) => (width === null ? [noPicture(index)] : [])),
    stages: { decode: 1, detect, classify: 0, recognize: 0 },
  };
}

function noPicture(index: number): UnreadableImage {
  return { index, code: 'image_unreadable', reason: 'no picture', hint: 'Send a PNG.' };
}

/** Finishes all tasks, the last one first. */
function finish(job: Job, outcomes: readonly ReadOutcome[]): void {
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
    finish(job, [outcome(['1'], [10]), outcome(['[]'], [null]), outcome(['3'], [30])]);
    const { results, files: answered, unreadable } = await job.answer;
    expect(answered.map((file) => file?.pages)).toEqual([
      [{ number: 1, width: 10, height: 7, entry: '1' }],
      undefined,
      [{ number: 1, width: 30, height: 7, entry: '3' }],
    ]);
    expect(results).toMatchObject({ entries: ['1', '[]', '3'] });
    expect(unreadable).toEqual([noPicture(1)]);
  });

  it('is one JSON text if the module takes the request as a whole', async () => {
    const job = jobOf(null);
    finish(job, [outcome(['{"total":3}'], [10, 20, 30])]);
    const { results, files: answered } = await job.answer;
    expect(results).toEqual({ kind: 'whole', json: '{"total":3}' });
    expect(answered.map((file) => file?.pages[0]?.width)).toEqual([10, 20, 30]);
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

describe('a document of several pages', () => {
  const document = { files: files.slice(0, 1) };
  const stages = { decode: 1, detect: 0, classify: 0, recognize: 0 };
  const page = (number: number, rest: number[] = []): ReadOutcome => ({
    type: 'read',
    results: [`"page ${number}"`],
    files: [{ kind: 'document', pages: [{ number, width: number * 10, height: 7, dpi: 200 }], rest }],
    unreadable: [],
    stages,
  });
  const damaged: ReadOutcome = { type: 'read', results: ['[]'], files: [null], unreadable: [noPicture(0)], stages };

  it('becomes a task a page once it was opened, and is answered in the order of the pages', async () => {
    const job = jobOf({ nested: false }, document);
    const opened = job.take();
    expect(opened?.message).toMatchObject({ type: 'read', page: undefined });
    expect(job.take()).toBeUndefined();
    job.finish(opened?.task as never, page(2, [3, 7]));
    const [third, seventh] = [job.take(), job.take()];
    expect([third?.message, seventh?.message]).toMatchObject([{ page: 3 }, { page: 7 }]);
    expect(third?.message).toMatchObject({ files: [{ id: job.fileIds[0] }] });
    job.finish(seventh?.task as never, page(7));
    expect(job.settled).toBe(false);
    job.finish(third?.task as never, page(3));
    const {
      results,
      files: [file],
      stages: sum,
    } = await job.answer;
    expect(results).toEqual({ kind: 'entries', entries: ['"page 2"'], nested: false });
    expect(file?.kind).toBe('document');
    expect(file?.pages.map(({ number, entry }) => [number, entry])).toEqual([
      [2, '"page 2"'],
      [3, '"page 3"'],
      [7, '"page 7"'],
    ]);
    expect(sum.decode).toBe(3);
  });

  it('fails as a whole if one page is damaged, and its other pages are not read', async () => {
    const job = jobOf({ nested: false }, document);
    job.finish(job.take()?.task as never, page(1, [2, 3, 4]));
    job.finish(job.take()?.task as never, damaged);
    expect(job.waiting).toEqual([]);
    await expect(job.answer).rejects.toMatchObject({ code: 'no_image_readable' });
  });

  it('does not stop the other files of its request', async () => {
    const job = jobOf({ nested: false }, { files: files.slice(0, 2) });
    const [first, second] = [job.take(), job.take()];
    job.finish(first?.task as never, page(1, [2, 3]));
    const next = job.take();
    job.finish(next?.task as never, damaged);
    job.finish(second?.task as never, outcome(['"b"'], [20]));
    const { files: answered, unreadable, results } = await job.answer;
    expect(answered.map((file) => file?.kind)).toEqual([undefined, 'picture']);
    expect(unreadable).toMatchObject([{ index: 0 }]);
    expect(results).toMatchObject({ entries: ['[]', '"b"'] });
  });

  it('is refused with more pages than the limit, counted over all documents of the request', async () => {
    const job = jobOf({ nested: false }, { files: files.slice(0, 2) });
    const pages = (count: number): number[] => Array.from({ length: count - 1 }, (_, i) => i + 2);
    const [first, second] = [job.take(), job.take()];
    job.finish(first?.task as never, page(1, pages(60)));
    job.finish(second?.task as never, page(1, pages(41)));
    await expect(job.answer).rejects.toMatchObject({ code: 'pages_too_many', details: { count: 101, limit: 100 } });
    expect(job.waiting).toEqual([]);
  });

  it('is refused when its pages have more text than the server should hold', async () => {
    const job = jobOf({ nested: false }, document);
    const long = { ...page(1), results: [`"${'x'.repeat(70 * 1024 ** 2)}"`] };
    job.finish(job.take()?.task as never, { ...long, files: page(1, [2, 3]).files });
    job.finish(job.take()?.task as never, { ...long, files: page(2).files });
    await expect(job.answer).rejects.toMatchObject({ code: 'answer_too_large' });
    expect(job.waiting).toEqual([]);
  });

  it('is written as a file at the end if the request asks for a format', async () => {
    const output = { format: 'text', paragraphs: false };
    const job = jobOf({ nested: false }, { ...document, output, reading: { password: 'open' } });
    job.finish(job.take()?.task as never, page(1, [2]));
    job.finish(job.take()?.task as never, page(2));
    const last = job.take();
    expect(last?.message).toMatchObject({
      type: 'compose',
      output,
      documents: [{ name: '1.png', password: 'open', pages: [{ number: 1 }, { number: 2, entry: '"page 2"' }] }],
    });
    const file = { contentType: 'text/plain', extension: 'txt', bytes: new Uint8Array(2) };
    job.finish(last?.task as never, { type: 'compose', file });
    expect((await job.answer).output).toBe(file);
  });

  it('is not written as a file if another file of the request cannot be read', async () => {
    const job = jobOf({ nested: false }, { output: { format: 'text', paragraphs: false } });
    finish(job, [outcome(['1'], [10]), outcome(['[]'], [null]), outcome(['3'], [30])]);
    await expect(job.answer).rejects.toMatchObject({
      code: 'files_unreadable',
      message: 'format=text needs all files, and some cannot be read: image 1: no picture',
    });
  });
});
