import { execFile } from 'node:child_process';
import { copyFile, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { root } from '../helpers/cli.js';
import { temporaryFolder } from '../helpers/home.js';

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
    stderr: expect.stringMatching(/^format_unsupported: JSON files are not read/) as string,
  });
});

it('the program under "Write files" of docs/library.md writes the words of a TIFF file as hOCR', async () => {
  const page = await readFile(path.join(root, 'docs', 'library.md'), 'utf8');
  const code = /^## Write files\n.*?^```js\n(.*?)^```$/ms.exec(page)?.[1] ?? '';
  const folder = await temporaryFolder();
  await mkdir(path.join(folder, 'node_modules'));
  await symlink(root, path.join(folder, 'node_modules', 'ocrhub'), 'junction');
  await copyFile(path.join(root, 'test/fixtures/page.tiff'), path.join(folder, 'scan.tiff'));
  await writeFile(path.join(folder, 'write.mjs'), code);
  await run(process.execPath, ['write.mjs'], { cwd: folder });
  const written = await readFile(path.join(folder, 'scan.hocr'), 'utf8');
  expect(written).toMatch(/<span class="ocrx_word" [^>]*>12345<\/span>/);
  expect(written.match(/class="ocr_line"/g)).toHaveLength(2);
});
