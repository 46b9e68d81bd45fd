import path from 'node:path';
import { expect, it } from 'vitest';
import { collectAnswers } from '../../../src/runtime/client/collect.js';
import { root } from '../../helpers/cli.js';
import { envelope, ServerGone, stubServer } from '../../helpers/stub-server.js';

const picture = path.join(root, 'test', 'fixtures', 'pixel.png');

/** What comes of four pictures, by a server that is gone when it is asked for the one with this index. */
async function collect(files: readonly string[], goneAt: number): Promise<[string, boolean?][]> {
  const server = await stubServer((_, index) => {
    if (index >= goneAt) throw new ServerGone();
    return { http: 200, text: envelope([[]]) };
  });
  const found: [string, boolean?][] = [];
  for await (const answer of collectAnswers(`${server.url}/predict/x`, files, undefined))
    found.push('error' in answer ? [answer.error.code, answer.isSent] : ['answered']);
  return found;
}

it('a picture that fails stops no other one', async () => {
  expect(await collect([path.join(root, 'nothing.png'), picture], 9)).toEqual([['file_not_found', true], ['answered']]);
});

it('without a server the rest is not sent, and shares its error', async () => {
  // The same picture twice: it is the place of a picture that tells whether the server was ever there.
  expect(await collect([picture, picture, picture], 1)).toEqual([
    ['answered'],
    ['server_unreachable', true],
    ['server_unreachable', false],
  ]);
});

it('a server that was never there is an error', async () => {
  await expect(collect([picture, picture], 0)).rejects.toMatchObject({ code: 'server_unreachable' });
});
