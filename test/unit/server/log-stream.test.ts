import { setTimeout as sleep } from 'node:timers/promises';
import { Writable } from 'node:stream';
import { expect, it } from 'vitest';
import { LogStream } from '../../../src/runtime/server/log-stream.js';

const pause = 30;

/** Streams to one disk, which accepts all writes, fails them (full) or never finishes them (stuck). */
function disk(): { state: 'room' | 'full' | 'stuck'; written: string[]; opened: number; open: () => Writable } {
  const it = {
    state: 'room' as 'room' | 'full' | 'stuck',
    written: [] as string[],
    opened: 0,
    open() {
      it.opened++;
      return new Writable({
        decodeStrings: false,
        write(chunk: string, _encoding, done) {
          setImmediate(() => {
            if (it.state === 'stuck') return;
            if (it.state === 'room') it.written.push(chunk);
            done(it.state === 'full' ? new Error('ENOSPC: no space left on device') : null);
          });
        },
      });
    },
  };
  return it;
}

it('the log stream writes lines in order to one file', async () => {
  const files = disk();
  const log = new LogStream(files.open, pause);
  for (const line of ['a\n', 'b\n']) log.write(line);
  await sleep(20);
  expect([files.written, files.opened]).toEqual([['a\n', 'b\n'], 1]);
});

it('the log stream continues once the disk has space again, and logs how many lines were lost', async () => {
  const files = disk();
  const log = new LogStream(files.open, pause);
  log.write('a\n');
  await sleep(20);
  files.state = 'full';
  // Two lines in the failing stream, and one before the stream is reopened.
  log.write('b\n');
  log.write('c\n');
  await sleep(10);
  log.write('d\n');
  await sleep(2 * pause);
  // Still full: the line with the count is lost too and counts as the three.
  log.write('e\n');
  await sleep(2 * pause);
  files.state = 'room';
  log.write('f\n');
  await sleep(20);
  expect(files.written).toEqual(['a\n', expect.stringMatching(/^\n.*"lost":4,"msg":"lines lost"}\n$/), 'f\n']);
  expect(files.opened).toBe(3);
});

it('the log stream reopens the file at most once in the reopen delay', async () => {
  const files = disk();
  files.state = 'full';
  const log = new LogStream(files.open, 10_000);
  for (let i = 0; i < 100; i++) {
    log.write('line\n');
    if (i % 10 === 0) await sleep(1);
  }
  expect(files.opened).toBe(1);
});

it('the log stream drops lines while more than 4 MiB wait for a stuck disk', async () => {
  const files = disk();
  files.state = 'stuck';
  let stream: Writable | undefined;
  const log = new LogStream(() => (stream = files.open()), pause);
  const line = 'x'.repeat(1024 ** 2);
  for (let i = 0; i < 100; i++) log.write(line);
  await sleep(10);
  expect(stream?.writableLength).toBeLessThan(8 * 1024 ** 2);
});
