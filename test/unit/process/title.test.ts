import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it, onTestFinished } from 'vitest';
import { titleOf } from '../../../src/runtime/process/title.js';

it.runIf(process.platform === 'linux')('a process that has ended has no title, and not an empty one', async () => {
  // The shell becomes a program that waits for no child.
  const child = spawn('sh', ['-c', 'true & echo $!; exec sleep 60'], { stdio: ['ignore', 'pipe', 'ignore'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [pid] = (await once(child.stdout, 'data')) as [Buffer];
  await expect.poll(() => titleOf(Number(String(pid)))).toBeUndefined();
  expect(await titleOf(process.pid)).not.toBeUndefined();
});
