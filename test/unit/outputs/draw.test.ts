import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { decodeImage } from '../../../src/runtime/image/decode.js';
import type { Image } from '../../../src/runtime/image/image.js';
import { writeDrawings, type PageAnswer } from '../../../src/runtime/outputs/draw.js';
import { root } from '../../helpers/cli.js';
import { temporaryFolder } from '../../helpers/home.js';
import { makePdf } from '../../helpers/pdf.js';

const picture = path.join(root, 'test', 'fixtures', 'blank.png');
const square = [
  [10, 10],
  [60, 10],
  [60, 40],
  [10, 40],
];

async function draw(bytes: Uint8Array, pages: readonly PageAnswer[], password?: string): Promise<Image[]> {
  const folder = path.join(await temporaryFolder(), 'a', 'b');
  const drawn = await writeDrawings(bytes, pages, { name: (page) => path.join(folder, `${page}.png`), password });
  expect(drawn).toEqual(pages.map(({ number }) => path.join(folder, `${number}.png`)));
  return Promise.all(drawn.map(async (file) => decodeImage(await readFile(file))));
}

const isRed = ({ data, width }: Image, x: number, y: number): boolean =>
  data[(y * width + x) * 3] === 0xe0 && data[(y * width + x) * 3 + 1] === 0x31;

describe('writeDrawings', () => {
  it('outlines the regions of an answer, and creates the folder', async () => {
    const [drawn] = await draw(await readFile(picture), [{ number: 1, entry: [{ text_region: square }] }]);
    expect(drawn && isRed(drawn, 30, 10)).toBe(true);
    expect(drawn && isRed(drawn, 30, 25)).toBe(false);
  });

  it.each([[[]], [''], [[{ text: 'a', confidence: 1 }]], [null]])('changes no pixel for %j', async (entry) => {
    const before = await decodeImage(await readFile(picture));
    const [after] = await draw(await readFile(picture), [{ number: 1, entry }]);
    expect(Buffer.from(after?.data ?? []).equals(before.data)).toBe(true);
  });

  it('draws the pages of an encrypted PDF file at the resolution at which they were read', async () => {
    const pdf = await makePdf([{ size: [72, 144] }, { size: [72, 72] }], { password: 'open' });
    const entry = [{ text_region: square }];
    const pages = [1, 2].map((number) => ({ number, width: 100, height: 300 - number * 100, dpi: 100, entry }));
    const [first, second] = await draw(pdf, pages, 'open');
    expect([first?.width, first?.height, second?.height]).toEqual([100, 200, 100]);
    expect(first && isRed(first, 30, 10)).toBe(true);
    expect(second && isRed(second, 30, 40)).toBe(true);
  });

  it('scales the regions of a page that is drawn with fewer pixels than it was read with', async () => {
    const { width, height } = await decodeImage(await readFile(picture));
    const page = { number: 1, width: width * 2, height: height * 2, entry: [{ text_region: square }] };
    const [drawn] = await draw(await readFile(picture), [page]);
    expect(drawn && isRed(drawn, 15, 5)).toBe(true);
    expect(drawn && isRed(drawn, 45, 10)).toBe(false);
  });
});
