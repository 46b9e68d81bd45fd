import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { root } from '../helpers/cli.js';

const run = promisify(execFile);
const program = path.join(root, 'examples', 'library', 'read.js');

it('the example of the library reads a picture in a Node program and ends by itself', async () => {
  const { stdout } = await run(process.execPath, [program, path.join(root, 'test/fixtures/page.png')]);
  expect(stdout).toMatch(/^[01]\.\d{3} {2}Chapter 2: Reading$/m);
  expect(stdout.trim().split('\n')).toHaveLength(12);
});

it('the example of the library names the error of a file that is not a picture', async () => {
  await expect(run(process.execPath, [program, path.join(root, 'package.json')])).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^image_unreadable: /) as string,
  });
});
