import { describe, expect, it } from 'vitest';
import type { Quad } from '../../src/runtime/geometry/point.js';
import { decodeImage } from '../../src/runtime/ocr/decode.js';
import { cropLine } from '../../src/runtime/ocr/crop.js';
import { Detector } from '../../src/runtime/ocr/detector.js';
import { referenceSetting, systemParams } from '../../src/runtime/ocr/params.js';
import { readingOrder } from '../../src/runtime/ocr/reading-order.js';
import { Recognizer } from '../../src/runtime/ocr/recognizer.js';
import { goldenSets, modelsOf, readGolden, readPicture } from './golden.js';

/**
 * The default setting reads each line alone, padded to a multiple of 32; the reference six at once, padded to 320. The
 * network sees other padding, so a few texts differ. What the differences look like: default-setting.md.
 */
const leastEqual = 0.94;

/** Half turns are the classifier's work, which is off by default. */
const withTurnedLines = new Set(['derived-rot180.png', 'upside-down.png', 'line-180.png']);

for (const { folder, names, skip } of goldenSets()) {
  if (skip !== undefined) {
    it.skip(`the default setting reads ${folder}: ${skip}`);
    continue;
  }
  describe(`the default setting reads ${folder}`, () => {
    it(`with at least ${leastEqual * 100} % of the lines' texts as in the reference setting`, async () => {
      const { det, rec } = modelsOf(folder);
      const models = { det_model_dir: det, rec_model_dir: rec };
      const detector = await Detector.create(systemParams.parse(models));
      const fast = await Recognizer.create(systemParams.parse(models));
      const reference = await Recognizer.create(systemParams.parse({ ...models, ...referenceSetting }));
      const pairs: { name: string; box: Quad; fast: string; reference: string }[] = [];
      for (const name of names) {
        if (withTurnedLines.has(name) || readGolden(folder, name).decoded === null) continue;
        const image = await decodeImage(readPicture(folder, name));
        const boxes = readingOrder(await detector.detect(image));
        const crops = boxes.map((box) => cropLine(image, box));
        const [mine, theirs] = [await fast.recognize(crops), await reference.recognize(crops)];
        boxes.forEach((box, i) => {
          // Below drop_score neither is answered.
          if (Math.max(mine[i]?.confidence ?? 0, theirs[i]?.confidence ?? 0) < referenceSetting.drop_score) return;
          pairs.push({ name, box, fast: mine[i]?.text ?? '', reference: theirs[i]?.text ?? '' });
        });
      }
      const different = pairs.filter((pair) => pair.fast !== pair.reference);
      const listed = different.map((pair) => `${pair.name}: "${pair.reference}" is read "${pair.fast}"`);
      console.log(`${folder}: ${pairs.length - different.length} of ${pairs.length} texts equal\n${listed.join('\n')}`);
      expect(pairs.length, 'lines').toBeGreaterThan(20);
      expect(1 - different.length / pairs.length, listed.join('\n')).toBeGreaterThanOrEqual(leastEqual);
    });
  });
}
