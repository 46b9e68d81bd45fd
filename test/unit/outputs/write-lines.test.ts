import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeEach, expect, it, onTestFinished } from 'vitest';
import { OcrHubError } from '../../../src/runtime/errors/error.js';
import { writeLines } from '../../../src/runtime/outputs/write-lines.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'ocrhub-lines-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
});

async function* lines(failure?: Error): AsyncGenerator<string> {
  yield 'first\n';
  await Promise.resolve();
  if (failure !== undefined) throw failure;
  yield 'second\n';
}

it('writes all lines into a folder that it makes, and leaves nothing else there', async () => {
  await writeLines(path.join(folder, 'deep', 'a.jsonl'), lines());
  expect(await readdir(path.join(folder, 'deep'))).toEqual(['a.jsonl']);
  expect(await readFile(path.join(folder, 'deep', 'a.jsonl'), 'utf8')).toBe('first\nsecond\n');
});

it('a failure of the lines is told as it is, and leaves the former file as it was', async () => {
  const file = path.join(folder, 'a.jsonl');
  await writeFile(file, 'former\n');
  const failure = new OcrHubError('batch_unfinished', { out: 'run', pages: 1 });
  await expect(writeLines(file, lines(failure))).rejects.toBe(failure);
  expect(await readFile(file, 'utf8')).toBe('former\n');
  expect(await readdir(folder)).toEqual(['a.jsonl']);
});

it('a place that cannot be written is told', async () => {
  await writeFile(path.join(folder, 'file'), '');
  const output = path.join(folder, 'file', 'a.jsonl');
  await expect(writeLines(output, lines())).rejects.toMatchObject({ code: 'output_failed', details: { output } });
  await expect(writeLines(folder, lines())).rejects.toMatchObject({ code: 'output_failed' });
});

it('writes to the file behind a link, and does not replace a device', async () => {
  await writeFile(path.join(folder, 'real'), 'former');
  await symlink('real', path.join(folder, 'link'));
  await writeLines(path.join(folder, 'link'), lines());
  expect(await readFile(path.join(folder, 'real'), 'utf8')).toBe('first\nsecond\n');
  await writeLines('/dev/null', lines());
  expect(await readFile('/dev/null', 'utf8')).toBe('');
});
