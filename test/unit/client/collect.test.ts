import path from 'node:path';
import { expect, it } from 'vitest';
import { collectAnswers } from '../../../src/runtime/client/collect.js';
import { namedInput } from '../../helpers/inputs.js';
import { root } from '../../helpers/cli.js';
import { envelope, ServerGone, stubServer } from '../../helpers/stub-server.js';

const picture = path.join(root, 'test', 'fixtures', 'pixel.png');

/** Sends four pictures to a server that goes away at the picture with this index. */
async function collect(files: readonly string[], goneAt: number, concurrency = 1): Promise<[string, boolean?][]> {
  const server = await stubServer((_, index) => {
    if (index >= goneAt) throw new ServerGone();
    return { http: 200, text: envelope([[]]) };
  });
  const found: [string, boolean?][] = [];
  const destination = { url: `${server.url}/predict/x`, fields: {}, document: {}, retries: 0 };
  const options = { concurrency, isOrdered: true };
  // Each is listed once by a command; here the same picture may come twice.
  for await (const answer of collectAnswers(destination, files.map(namedInput), options))
    found.push('error' in answer ? [answer.error.code, answer.isSent] : ['answered']);
  return found;
}

it('a failed picture does not stop the others', async () => {
  expect(await collect([path.join(root, 'nothing.png'), picture], 9)).toEqual([['file_not_found', true], ['answered']]);
});

it('the remaining pictures are not sent once the server is gone, and get the same error', async () => {
  // The same picture twice: only the index of a picture tells whether the server answered before.
  expect(await collect([picture, picture, picture], 1)).toEqual([
    ['answered'],
    ['server_unreachable', true],
    ['server_unreachable', false],
  ]);
});

it('the call fails if the server does not answer the first picture', async () => {
  await expect(collect([picture, picture], 0)).rejects.toMatchObject({ code: 'server_unreachable' });
});

it('of several requests at a time, one reports that the server is gone', async () => {
  const found = await collect(Array<string>(9).fill(picture), 3, 4);
  expect(found.filter(([code]) => code === 'answered')).toHaveLength(3);
  expect(found.filter(([code, isSent]) => code === 'server_unreachable' && isSent === true)).toHaveLength(1);
});
