import { describe, expect, it } from 'vitest';
import { blankImage, type Image } from '../src/runtime/image/image.js';
import { decodeImage } from '../src/runtime/document/decode-image.js';
import { Detector } from '../src/runtime/ocr/detect/detector.js';
import { detectorParams } from '../src/runtime/ocr/detect/params.js';
import { systemParams } from '../src/runtime/ocr/params.js';
import { TextSystem } from '../src/runtime/ocr/text-system.js';
import { fixtureBytes } from './helpers/pictures.js';

/** The lines of each strip in reading order. They are numbered, so that all differ. */
const lines = JSON.parse(fixtureBytes('strips.json').toString()) as Record<'tall' | 'wide' | 'screenshot', string[]>;

describe('a long strip', () => {
  it.each([
    ['300 x 10,000', 'strip-tall.webp', lines.tall],
    ['10,000 x 300', 'strip-wide.webp', lines.wide],
    ['1080 x 14,000, a screenshot', 'screenshot.webp', lines.screenshot],
  ])('of %s is read completely, each line once and in order', async (_, name, expected) => {
    const system = await TextSystem.create(systemParams.parse({}));
    const read = await system.read(await decodeImage(fixtureBytes(name)));
    expect(read.map(({ text }) => text)).toEqual(expected);
  });

  it('loses most of its lines with det_slice: false', async () => {
    const system = await TextSystem.create(systemParams.parse({ det_slice: false, det_small_print: false }));
    const read = await system.read(await decodeImage(fixtureBytes('screenshot.webp')));
    expect(read.length).toBeLessThan(lines.screenshot.length / 2);
  });

  it.each([97, 211, 350, 498])('has each line once for any position of the seams: moved by %i pixels', async (by) => {
    const detector = await Detector.create(detectorParams.parse({}));
    const tall = await decodeImage(fixtureBytes('strip-tall.webp'));
    const wide = await decodeImage(fixtureBytes('strip-wide.webp'));
    expect(await detector.detect(moved(tall, 0, by))).toHaveLength(lines.tall.length);
    expect(await detector.detect(moved(wide, by, 0))).toHaveLength(lines.wide.length);
  });
});

/** Adds white columns at the left and white rows at the top. */
function moved(image: Image, right: number, down: number): Image {
  const wider = blankImage(image.width + right, image.height + down);
  wider.data.fill(255);
  for (let y = 0; y < image.height; y++) {
    const row = image.data.subarray(y * image.width * 3, (y + 1) * image.width * 3);
    wider.data.set(row, ((y + down) * wider.width + right) * 3);
  }
  return wider;
}
