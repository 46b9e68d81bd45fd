import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { openSession } from '../../../src/runtime/inference/session.js';
import { embeddedFolder } from '../../../src/runtime/models/manifest.js';
import { temporaryFolder } from '../../helpers/home.js';

it.each([
  ['an empty file', '', 'it is empty'],
  [
    'a pointer of Git LFS',
    'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n',
    'bytes and is the pointer of Git LFS to the model; fetch the model with: git lfs pull',
  ],
  ['a page of HTML', '\n<!DOCTYPE html><html><body>Not found</body></html>', 'is a page of HTML or XML'],
  [
    'an error of an object store',
    '<?xml version="1.0"?><Error><Code>NoSuchKey</Code></Error>',
    'is a page of HTML or XML',
  ],
  ['an answer as JSON', '{"error": "Repository not found"}', 'is JSON, as a server sends it'],
  ['an archive', 'PK\x03\x04aaaa', 'is a ZIP archive; unpack it'],
  ['other bytes', 'no model at all', 'It is no ONNX model, or a part is missing: it has 15 bytes.'],
])('a model file that is %s is refused by what it is', async (_, content, problem) => {
  const file = path.join(await temporaryFolder(), 'rec.onnx');
  await writeFile(file, content, 'latin1');
  await expect(openSession(file)).rejects.toMatchObject({
    code: 'model_mismatch',
    details: { path: file, problem: expect.stringContaining(problem) as unknown },
  });
});

it('a model file that was cut off is refused with its size', async () => {
  const folder = await temporaryFolder();
  const model = execFileSync('find', [embeddedFolder, '-name', '*.onnx'], { encoding: 'utf8' }).split('\n')[0] ?? '';
  const file = path.join(folder, 'rec.onnx');
  await writeFile(file, (await readFile(model)).subarray(0, 5000));
  await expect(openSession(file)).rejects.toThrow('It is no ONNX model, or a part is missing: it has 5000 bytes.');
});

it.skipIf(process.platform === 'win32')('a model file that is a pipe is refused without waiting', async () => {
  const file = path.join(await temporaryFolder(), 'rec.onnx');
  execFileSync('mkfifo', [file]);
  await expect(openSession(file)).rejects.toThrow('it cannot be read');
});
