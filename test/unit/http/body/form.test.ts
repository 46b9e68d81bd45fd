import { describe, expect, it } from 'vitest';
import { readForm, type Form } from '../../../../src/runtime/http/body/form.js';

const contentType = 'multipart/form-data; boundary=b';

const read = (body: string): Promise<Form> =>
  readForm(Buffer.from(body), contentType, { maxFiles: 10, expected: 'a form' });

const file = (bytes: string): string =>
  `--b\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\n${bytes}\r\n`;

/** The longest time in milliseconds for which nothing else could run while a promise was pending. */
async function longestPause(work: Promise<unknown>): Promise<number> {
  let longest = 0;
  let last = performance.now();
  const timer = setInterval(() => {
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
  }, 1);
  await work;
  clearInterval(timer);
  return Math.max(longest, performance.now() - last);
}

describe('readForm', () => {
  it('reads files that are longer than a piece of the body', async () => {
    const bytes = 'x'.repeat(100_000);
    const { files } = await read(`${file(bytes)}${file('short')}--b--\r\n`);
    expect(files.map((each) => each.bytes.toString())).toEqual([bytes, 'short']);
  });

  it.each(['', 'no part', file('cut off'), '--b\r\nContent-Dispo'])(
    'refuses a form without an end: %j',
    async (body) => {
      await expect(read(body)).rejects.toMatchObject({ code: 'request_malformed' });
    },
  );

  it('refuses a form of a million empty parts at once, and lets the server work meanwhile', async () => {
    const body = '--b\r\n\r\n\r\n'.repeat(1_000_000) + file('x');
    const refusal = read(`${body}--b--\r\n`);
    const pause = await longestPause(refusal.catch(() => undefined));
    await expect(refusal).rejects.toThrow('the form has more than 1010 parts');
    expect(pause).toBeLessThan(1000);
  });
});
