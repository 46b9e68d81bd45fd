import { appendFile, mkdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { LogReader } from '../../../src/runtime/servers/log-reader.js';
import { homeAt, type Home } from '../../../src/runtime/config/home.js';
import { temporaryFolder } from '../../helpers/home.js';

async function homeWithLog(text: string): Promise<{ home: Home; file: string }> {
  const root = await temporaryFolder();
  const home = homeAt(root, path.join(root, 'config.json'));
  await mkdir(home.logs, { recursive: true });
  const file = path.join(home.logs, '8866.log');
  await writeFile(file, text);
  return { home, file };
}

it('the log reader returns existing lines, then new lines, and an unfinished line once it is complete', async () => {
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

it('the log reader returns the rest of the old file after a rotation, then the new file', async () => {
  const { home, file } = await homeWithLog('one\n');
  const reader = await LogReader.open(home, 8866);
  expect(await reader.lines()).toEqual(['one']);
  await appendFile(file, 'two\n');
  await rename(file, `${file}.1`);
  await writeFile(file, 'three\n');
  expect(await reader.lines()).toEqual(['two', 'three']);
  await reader.close();
});

it('the log reader joins a character whose bytes are written in two steps', async () => {
  const { home, file } = await homeWithLog('');
  const reader = await LogReader.open(home, 8866);
  const bytes = Buffer.from('价\n');
  await appendFile(file, bytes.subarray(0, 1));
  expect(await reader.lines()).toEqual([]);
  await appendFile(file, bytes.subarray(1));
  expect(await reader.lines()).toEqual(['价']);
  await reader.close();
});

it('opening the log of a port without one names the port', async () => {
  const { home } = await homeWithLog('');
  await expect(LogReader.open(home, 9999)).rejects.toThrow('There is no log of port 9999');
});

it('a line without an end is returned on its own after a rotation', async () => {
  const { home, file } = await homeWithLog('one\ntw');
  const reader = await LogReader.open(home, 8866);
  expect(await reader.lines()).toEqual(['one']);
  expect(reader.unfinished).toBe('tw');
  await rename(file, `${file}.1`);
  expect(await reader.lines()).toEqual([]);
  await writeFile(file, 'three\n');
  expect(await reader.lines()).toEqual(['tw', 'three']);
  await reader.close();
});

it('a file that was truncated in place is read from its beginning', async () => {
  const { home, file } = await homeWithLog('one\ntwo\n');
  const reader = await LogReader.open(home, 8866);
  expect(await reader.lines()).toEqual(['one', 'two']);
  await writeFile(file, 'new\n');
  expect(await reader.lines()).toEqual(['new']);
  await reader.close();
});

it('the log reader returns the last 4 MiB of a long log, from the beginning of a line', async () => {
  const count = 700_000;
  const { home } = await homeWithLog(Array.from({ length: count }, (_, i) => `${i}价\n`).join(''));
  const reader = await LogReader.open(home, 8866);
  const lines = await reader.lines();
  const first = Number.parseInt(lines[0] ?? '', 10);
  expect(first).toBeGreaterThan(0);
  expect(lines).toEqual(Array.from({ length: count - first }, (_, i) => `${first + i}价`));
  await reader.close();
});

it('follow yields each line once while lines are written and files are rotated', async () => {
  const { home, file } = await homeWithLog('0\n1\n');
  const reader = await LogReader.open(home, 8866);
  const seen = await reader.lines();
  const stop = new AbortController();
  const following = (async () => {
    for await (const line of reader.follow(stop.signal)) seen.push(line);
  })();
  const count = 60;
  for (let i = 2; i < count; i++) {
    if (i % 20 === 0) {
      // Two rotations within one poll interval would need 20 MB in 0.3 s.
      await sleep(400);
      await rename(file, `${file}.${i}`);
    }
    await appendFile(file, `${i}`);
    await sleep(3);
    await appendFile(file, '\n');
  }
  await sleep(700);
  stop.abort();
  await following;
  expect(seen).toEqual(Array.from({ length: count }, (_, i) => String(i)));
  await reader.close();
});
