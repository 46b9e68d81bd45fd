import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { drawAnswer } from '../../../src/runtime/client/draw.js';
import { decodeImage } from '../../../src/runtime/image/decode.js';
import { root } from '../../helpers/cli.js';
import { temporaryFolder } from '../../helpers/home.js';

const picture = path.join(root, 'test', 'fixtures', 'blank.png');
const square = [
  [10, 10],
  [60, 10],
  [60, 40],
  [10, 40],
];

async function changedPixels(results: unknown): Promise<number> {
  const before = await decodeImage(await readFile(picture));
  const after = await decodeImage(await readFile(await drawAnswer(picture, results, await temporaryFolder())));
  expect([after.width, after.height]).toEqual([before.width, before.height]);
  return after.data.reduce((count, value, i) => (value === before.data[i] ? count : count + 1), 0);
}

it('writes <name>.png into the folder, which it makes', async () => {
  const folder = path.join(await temporaryFolder(), 'a', 'b');
  expect(await drawAnswer(picture, [], folder)).toBe(path.join(folder, 'blank.png.png'));
});

it('outlines the regions of an answer', async () => {
  expect(await changedPixels([[{ text_region: square }]])).toBeGreaterThan(0);
});

it.each([[[]], [''], [[[{ text: 'a', confidence: 1 }]]], [null]])(
  'draws nothing for %j, which has no region',
  async (results) => {
    expect(await changedPixels(results)).toBe(0);
  },
);
