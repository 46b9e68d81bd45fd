import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { root } from '../helpers/cli.js';

/** Reads a page with so many threads in a process of its own, which must end by itself. */
async function readWith(threads: number): Promise<unknown> {
  const program = `
    import { readFile } from 'node:fs/promises';
    import { decodeImage, systemParams, TextSystem } from 'ocrhub';
    import { configureEngine, engineComplete } from './dist/runtime/ocr/configure.js';
    configureEngine({ threads: ${threads} });
    const system = await TextSystem.create(systemParams.parse({ precision: 'f32', rec_batch_num: 2 }));
    await engineComplete();
    const lines = await system.read(await decodeImage(await readFile('test/fixtures/receipt.jpg')), {
      return_word_box: true,
    });
    console.log(JSON.stringify(lines));
  `;
  const run = promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], { cwd: root });
  return JSON.parse((await run).stdout);
}

it('run gives identical results with any number of threads', async () => {
  const [one, two, five] = [await readWith(1), await readWith(2), await readWith(5)];
  expect(one).toHaveLength(54);
  expect(two).toEqual(one);
  expect(five).toEqual(one);
});
