import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { root } from '../helpers/cli.js';

interface Reading {
  readonly lines: readonly unknown[];
  readonly readingThreads: number;
}

/** Reads a page in a program of its own, which must end by itself. */
async function readWith(threads: number): Promise<Reading> {
  const program = `
    import { readFile } from 'node:fs/promises';
    import { decodeImage, TextSystem } from 'ocrhub';
    const system = await TextSystem.create({ precision: 'f32', rec_batch_num: 2, threads: ${threads} });
    await system.ready();
    const page = await decodeImage(await readFile('test/fixtures/receipt.jpg'));
    const lines = await system.read(page, { return_word_box: true });
    console.log(JSON.stringify({ lines, readingThreads: system.readingThreads }));
  `;
  const run = promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], { cwd: root });
  return JSON.parse((await run).stdout) as Reading;
}

it('a program that creates a TextSystem with N threads reads with N threads, and the same to the last digit', async () => {
  const [one, two, four] = [await readWith(1), await readWith(2), await readWith(4)];
  expect([one, two, four].map(({ readingThreads }) => readingThreads)).toEqual([1, 2, 4]);
  expect(one.lines).toHaveLength(54);
  expect(two.lines).toEqual(one.lines);
  expect(four.lines).toEqual(one.lines);
});
