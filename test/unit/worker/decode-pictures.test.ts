import { describe, expect, it } from 'vitest';
import { decodePictures } from '../../../src/runtime/worker/decode-pictures.js';
import { onePixelBitPng } from '../../helpers/bomb.js';

const square = onePixelBitPng(100, 100);

describe('the pictures of one task', () => {
  it('may have up to four times max_pixels in total', async () => {
    const { images, unreadable } = await decodePictures([square, square, square, square], 10_000);
    expect(images.map((image) => image?.width)).toEqual([100, 100, 100, 100]);
    expect(unreadable).toEqual([]);
  });

  it('are refused if they have more pixels in total', async () => {
    await expect(
      decodePictures(
        Array.from({ length: 500 }, () => square),
        10_000,
      ),
    ).rejects.toMatchObject({
      code: 'images_too_large',
      httpStatus: 422,
      message: 'the pictures of the request have more than 40000 pixels together',
    });
  });

  it('keep their index and do not count towards the limit if they are too large or unreadable', async () => {
    const large = onePixelBitPng(100, 101);
    const tooLarge = {
      code: 'image_too_large',
      reason: 'the picture has 100 x 101 pixels, more than the limit of 10000',
      hint: 'Send a smaller picture, or raise the limit: --max_pixels of serving start, and of run.',
    };
    const files = [large, square, Buffer.from('no picture'), square, square, square, large];
    const { images, unreadable } = await decodePictures(files, 10_000);
    expect(images.map((image) => image?.width)).toEqual([undefined, 100, undefined, 100, 100, 100, undefined]);
    expect(unreadable).toEqual([
      { index: 0, ...tooLarge },
      {
        index: 2,
        code: 'image_unreadable',
        reason: 'not a readable picture: unsupported image format (expected JPEG, PNG, WebP, TIFF, GIF or BMP)',
        hint: 'Send a JPEG, PNG, WebP, TIFF, GIF or BMP file.',
      },
      { index: 6, ...tooLarge },
    ]);
  });
});
