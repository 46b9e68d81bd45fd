import { describe, expect, it } from 'vitest';
import { suitsInt8 } from '../../src/runtime/inference/cpu.js';
import { cropLine, lineCropper } from '../../src/runtime/ocr/crop-lines.js';
import { decodeImage } from '../../src/runtime/document/decode-image.js';
import { Detector } from '../../src/runtime/ocr/detect/detector.js';
import { systemParams } from '../../src/runtime/ocr/params.js';
import { topEdgeOrder } from '../../src/runtime/ocr/order/top-edge-order.js';
import { presets } from '../../src/runtime/ocr/presets.js';
import { Recognizer } from '../../src/runtime/ocr/recognize/recognizer.js';
import { goldenSets, modelsOf, readGolden, readPicture, type GoldenSet } from './golden.js';

/**
 * The default preset reads each line alone, padded to a multiple of 8, in int8 if the processor suits it, and with faint
 * spaces. The reference preset reads six lines at once, padded to 320, in f32. Some texts differ; default-setting.md shows
 * the differences.
 *
 * `letters` is the minimum share of texts that are equal without their spaces, `texts` the minimum share of equal texts.
 * PP-OCRv4, which drops many spaces of Latin lines, has its own minimums.
 */
const cases = [
  { model: 'ppocrv6-small', precision: 'f32', letters: 0.95, texts: 0.89 },
  { model: 'ppocrv6-small', precision: 'int8', letters: 0.94, texts: 0.87 },
  { model: 'ppocrv4-mobile', precision: 'f32', letters: 0.91, texts: 0.68 },
];
/** Milliseconds. PP-OCRv4 has many recordings, and each is read twice. */
const timeout = 400_000;

/** Upside-down pictures need the classifier, which is off by default. */
const turned = new Set(['derived-rot180.png', 'upside-down.png', 'line-180.png']);

for (const { model, precision, letters, texts } of cases) {
  describe(`the default preset with ${model} in ${precision}`, () => {
    const sets = goldenSets().filter(({ folder, skip }) => skip === undefined && modelsOf(folder).rec === model);
    if (precision === 'int8' && !suitsInt8()) {
      it.skip('skipped: int8 is not the default on this processor, which is not x64 with AVX2', () => undefined);
      return;
    }
    for (const { folder, skip } of goldenSets()) if (skip !== undefined) it.skip(`${folder}: ${skip}`);

    it(`reads at least ${letters * 100} % of the lines as the reference preset does`, { timeout }, async () => {
      const lines = (await Promise.all(sets.map((set) => linesOf(set, precision)))).flat();
      const different = lines.filter((line) => line.fast !== line.reference);
      const otherLetters = different.filter((line) => unspaced(line.fast) !== unspaced(line.reference));
      const listed = different.map((line) => `${line.name}: "${line.reference}" is read "${line.fast}"`).join('\n');
      console.log(
        `${model} in ${precision}: of ${lines.length} texts ${lines.length - different.length} equal, ${lines.length - otherLetters.length} but for spaces\n${listed}`,
      );
      expect(lines.length).toBeGreaterThan(20);
      expect(1 - otherLetters.length / lines.length, listed).toBeGreaterThanOrEqual(letters);
      expect(1 - different.length / lines.length, listed).toBeGreaterThanOrEqual(texts);
    });
  });
}

function unspaced(text: string): string {
  return text.replaceAll(/\s/g, '');
}

interface Line {
  readonly name: string;
  readonly fast: string;
  readonly reference: string;
}

/** Every line that at least one of the two presets returns. */
async function linesOf({ folder, names }: GoldenSet, precision: string): Promise<Line[]> {
  const { det, rec } = modelsOf(folder);
  const models = { det_model_dir: det, rec_model_dir: rec };
  const detector = await Detector.create(systemParams.parse({ ...models, precision }));
  const fast = await Recognizer.create(systemParams.parse({ ...models, precision }));
  const reference = await Recognizer.create(systemParams.parse({ ...models, ...presets.reference }));
  const crop = lineCropper(systemParams.parse({}), fast.lineHeight);
  const lines: Line[] = [];
  for (const name of names) {
    if (turned.has(name) || readGolden(folder, name).decoded === null) continue;
    const image = await decodeImage(readPicture(folder, name));
    const boxes = topEdgeOrder(await detector.detect(image));
    const mine = await fast.recognize(boxes.map((box) => crop(image, box)));
    const theirs = await reference.recognize(boxes.map((box) => cropLine(image, box)));
    mine.forEach(({ text, confidence }, i) => {
      const other = theirs[i] ?? { text: '', confidence: 0 };
      if (Math.max(confidence, other.confidence) < presets.reference.drop_score) return;
      lines.push({ name, fast: text, reference: other.text });
    });
  }
  return lines;
}
