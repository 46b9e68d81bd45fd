import { appendFile, mkdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { LogReader } from '../../../src/runtime/serving/read-log.js';
import { homeAt, type Home } from '../../../src/runtime/settings.js';
import { temporaryFolder } from '../../helpers/home.js';

async function homeWithLog(text: string): Promise<{ home: Home; file: string }> {
  const root = await temporaryFolder();
  const home = homeAt(root, path.join(root, 'config.json'));
  await mkdir(home.logs, { recursive: true });
  const file = path.join(home.logs, '8866.log');
  await writeFile(file, text);
  return { home, file };
}

it('what is there comes first, then what is added, and half a line waits for its end', async () => {
  const { home, file } = await homeWithLog('one\ntwo\n');
  const reader = await LogReader.open(home, 8866);
  expect(await reader.lines()).toEqual(['one', 'two']);
  await appendFile(file, 'three\nfo');
  expect(await reader.lines()).toEqual(['three']);
  await appendFile(file, 'ur\n');
  expect(await reader.lines()).toEqual(['four']);
  expect(await reader.lines()).toEqual([]);
  await reader.close();
});

it('a rotation loses no line: the rest of the old file, then the new one', async () => {
  const { home, file } = await homeWithLog('one\n');
  const reader = await LogReader.open(home, 8866);
  expect(await reader.lines()).toEqual(['one']);
  await appendFile(file, 'two\n');
  await rename(file, `${file}.1`);
  await writeFile(file, 'three\n');
  expect(await reader.lines()).toEqual(['two', 'three']);
  await reader.close();
});

it('a character that is written in two pieces is one character', async () => {
  const { home, file } = await homeWithLog('');
  const reader = await LogReader.open(home, 8866);
  const bytes = Buffer.from('价\n');
  await appendFile(file, bytes.subarray(0, 1));
  expect(await reader.lines()).toEqual([]);
  await appendFile(file, bytes.subarray(1));
  expect(await reader.lines()).toEqual(['价']);
  await reader.close();
});

it('a port without a log is named', async () => {
  const { home } = await homeWithLog('');
  await expect(LogReader.open(home, 9999)).rejects.toThrow('There is no log of port 9999');
});
