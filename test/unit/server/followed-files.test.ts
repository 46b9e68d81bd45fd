import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { FollowedFiles } from '../../../src/runtime/server/followed-files.js';

const log = { info: () => undefined, warn: () => undefined, error: () => undefined };

it('the content that was read last stays in use, also if an earlier reading takes longer', async () => {
  let content = 'old';
  let ms = 0;
  const read = async (): Promise<string> => {
    const [found, pause] = [content, ms];
    await sleep(pause);
    return found;
  };
  const followed = await FollowedFiles.open([], read, { log });
  ms = 100;
  const slow = followed.refresh();
  await sleep(10);
  [content, ms] = ['new', 0];
  await Promise.all([slow, followed.refresh()]);
  expect(followed.value).toBe('new');
});

it('a reading that fails is told, changes nothing, and the next one is taken', async () => {
  let content: string | undefined = 'first';
  const read = (): Promise<string> =>
    content === undefined ? Promise.reject(new Error('unreadable')) : Promise.resolve(content);
  const followed = await FollowedFiles.open([], read, { log });
  content = undefined;
  await expect(followed.refresh()).rejects.toThrow('unreadable');
  expect(followed.value).toBe('first');
  content = 'second';
  await followed.refresh();
  expect(followed.value).toBe('second');
});
