import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { decodeImage } from '../src/runtime/image/decode.js';
import type { Image } from '../src/runtime/image/image.js';
import type { Quad } from '../src/runtime/geometry/point.js';
import { suitsInt8 } from '../src/runtime/inference/cpu.js';
import { Detector } from '../src/runtime/ocr/detect/detector.js';
import { detectorParams } from '../src/runtime/ocr/detect/params.js';
import { fixtureBytes } from './helpers/pictures.js';

/** The int8 detector once missed this line: its maps have other values on a nearly white page than on a full page. */
describe.skipIf(!suitsInt8())('a single line on a large white page', () => {
  it.each([960, 1440, 1920])(
    'is found by the int8 detector where the f32 detector finds it, at a size of %i pixels',
    async (side) => {
      const line = await sharp(fixtureBytes('line.png')).resize({ height: 44 }).png().toBuffer();
      const page = await sharp({ create: { width: 3000, height: 4000, channels: 3, background: '#fff' } })
        .composite([{ input: line, left: 60, top: 60 }])
        .png()
        .toBuffer();
      const image = await decodeImage(page);
      const wanted = await boxes(image, 'f32', side);
      const found = await boxes(image, 'int8', side);
      expect(wanted.length).toBeGreaterThan(0);
      expect(found).toHaveLength(wanted.length);
      for (const [i, box] of found.entries()) {
        for (const [corner, [x, y]] of box.entries()) {
          const [wantedX = 0, wantedY = 0] = wanted[i]?.[corner] ?? [];
          expect(Math.hypot(x - wantedX, y - wantedY)).toBeLessThan(lineHeight / 2);
        }
      }
    },
  );
});

/** Pixels on the page, including the border of line.png. */
const lineHeight = 44;

async function boxes(page: Image, precision: 'f32' | 'int8', side: number): Promise<Quad[]> {
  const detector = await Detector.create(detectorParams.parse({ precision, det_limit_side_len: side }));
  const found = await detector.detect(page);
  return [...found].sort(([[a]], [[b]]) => a - b);
}
