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
  const copy = path.join(await temporaryFolder(), 'copy.png');
  await drawAnswer(picture, results, copy);
  const after = await decodeImage(await readFile(copy));
  expect([after.width, after.height]).toEqual([before.width, before.height]);
  return after.data.reduce((count, value, i) => (value === before.data[i] ? count : count + 1), 0);
}

it('drawing creates the folder of the copy', async () => {
  const copy = path.join(await temporaryFolder(), 'a', 'b', 'blank.png.png');
  await drawAnswer(picture, [], copy);
  expect((await readFile(copy)).subarray(1, 4).toString()).toBe('PNG');
});

it('drawing outlines the regions of an answer', async () => {
  expect(await changedPixels([[{ text_region: square }]])).toBeGreaterThan(0);
});

it.each([[[]], [''], [[[{ text: 'a', confidence: 1 }]]], [null]])(
  'drawing changes no pixel for %j, which has no region',
  async (results) => {
    expect(await changedPixels(results)).toBe(0);
  },
);
