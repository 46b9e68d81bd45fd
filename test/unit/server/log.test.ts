import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, truncate } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { resolveHome } from '../../../src/runtime/config/home.js';
import { createLog } from '../../../src/runtime/server/log.js';

it('a message with line ends and commands to a terminal stays in one line, without them', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'ocrhub-log-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const log = createLog({ ...resolveHome(), logs: folder }, 8868, false);
  const message = 'a\r\n{"level":30,"msg":"forged"}\u2028\u001b[2J\u009b31m\u007f\u0085 é';
  log.info({ message }, 'request');
  const written = (): string => readFileSync(path.join(folder, '8868.log'), 'utf8');
  await expect.poll(written).toMatch(/\n$/);
  const text = written();
  expect(text.slice(0, -1)).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
  expect(JSON.parse(text)).toMatchObject({ message, msg: 'request' });
});

it.each<[what: string, happen: (logs: string) => Promise<unknown>]>([
  ['is deleted', (logs) => rm(path.join(logs, '8868.log'))],
  ['is moved', (logs) => rename(path.join(logs, '8868.log'), path.join(logs, 'moved.log'))],
  ['is truncated', (logs) => truncate(path.join(logs, '8868.log'))],
  ['loses its folder', (logs) => rm(logs, { recursive: true })],
  ['is in a folder that is moved', (logs) => rename(logs, `${logs}-moved`)],
])('a log file that %s is written again', async (_, happen) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'ocrhub-log-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const logs = path.join(folder, 'logs');
  await mkdir(logs);
  const log = createLog({ ...resolveHome(), logs }, 8868, false);
  const text = (): string =>
    existsSync(path.join(logs, '8868.log')) ? readFileSync(path.join(logs, '8868.log'), 'utf8') : '';
  log.info({}, 'before');
  await expect.poll(text).toContain('before');
  await happen(logs);
  await sleep(1100);
  for (const word of ['first', 'second']) log.info({}, word);
  await expect.poll(text).toContain('second');
  expect(text()).toContain('first');
  expect(text()).not.toContain('before');
});
