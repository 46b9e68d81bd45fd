import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
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
