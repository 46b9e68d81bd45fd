import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { OcrHubError } from '../../src/runtime/errors/error.js';
import { distance, type Quad } from '../../src/runtime/geometry/point.js';
import type { Image } from '../../src/runtime/image/image.js';
import { rotate180 } from '../../src/runtime/image/rotate.js';
import { writeResized } from '../../src/runtime/image/tensor.js';
import { Classifier } from '../../src/runtime/ocr/classify/classifier.js';
import { cropLine } from '../../src/runtime/ocr/crop-lines.js';
import { boxesFromMap, filterBoxes, textMask } from '../../src/runtime/ocr/detect/db-postprocess.js';
import { decodeImage } from '../../src/runtime/document/decode-image.js';
import { detectorNormalization, detectorSize, padTiny } from '../../src/runtime/ocr/detect/resize-rule.js';
import { Detector } from '../../src/runtime/ocr/detect/detector.js';
import { systemParams, type SystemParams } from '../../src/runtime/ocr/params.js';
import { presets } from '../../src/runtime/ocr/presets.js';
import { topEdgeOrder } from '../../src/runtime/ocr/order/top-edge-order.js';
import { Recognizer } from '../../src/runtime/ocr/recognize/recognizer.js';
import { TextSystem } from '../../src/runtime/ocr/text-system.js';
import { acceptedDifferences } from './accepted.js';
import { goldenSets, modelsOf, readGolden, readPicture, type Golden } from './golden.js';
import { meanIou } from './iou.js';

for (const { folder, names, skip } of goldenSets()) {
  if (skip !== undefined) {
    it.skip(`the reference preset reproduces ${folder}: ${skip}`);
    continue;
  }
  describe(`the reference preset reproduces each stage of ${folder}`, () => {
    it.each(names)('%s', async (name) => {
      const departure = await firstDeparture(folder, name);
      const accepted = acceptedDifferences[name];
      if (accepted === undefined) expect(departure, `${name} departs`).toBeUndefined();
      else expect(departure?.stage, `${name}: accepted is ${accepted.stage} (${accepted.reason})`).toBe(accepted.stage);
    });
  });
}

interface Departure {
  readonly stage: string;
  readonly problem: string;
}

/** The first stage whose result differs from the recording. */
async function firstDeparture(folder: string, name: string): Promise<Departure | undefined> {
  for await (const { stage, problems } of stagesOf(folder, name)) {
    const problem = problems.find((each) => each !== undefined);
    if (problem !== undefined) return { stage, problem };
  }
  return undefined;
}

type Problem = string | undefined;

interface CheckedStage {
  readonly stage: string;
  readonly problems: readonly Problem[];
}

/** Runs the pipeline one stage at a time, each with our own result of the previous stage. */
async function* stagesOf(folder: string, name: string): AsyncGenerator<CheckedStage> {
  const golden = readGolden(folder, name);
  const params = paramsFor(folder);
  const image = await decodeImage(readPicture(folder, name), { asStored: true }).catch((error: unknown) => {
    if (error instanceof OcrHubError && error.code === 'image_unreadable') return undefined;
    throw error;
  });
  if (image === undefined) {
    yield { stage: 'decode', problems: [golden.decoded === null ? undefined : 'it does not decode'] };
    return;
  }
  yield { stage: 'decode', problems: decodeProblems(image, golden) };

  yield { stage: 'detector input', problems: tensorProblems(image, golden, params) };
  const detector = await Detector.create(params);
  const map = await detector.probabilityMap(image);
  const mask = textMask(map, params.det_db_thresh).reduce((sum, value) => sum + value, 0);
  yield {
    stage: 'probability map',
    problems: [
      near('mean', mean(map.data), golden.det.probMapMean, 1e-4),
      near('pixels of the mask', mask, golden.det.maskPixels, Math.max(2, golden.det.maskPixels * 1e-3)),
    ],
  };

  const raw = boxesFromMap(map, image, params);
  const scores = raw.map(({ score }, i) => near(`score of box ${i}`, score, golden.det.raw[i]?.score ?? NaN, 5e-3));
  yield {
    stage: 'boxes of the map',
    problems: [
      same('number', raw.length, golden.det.raw.length),
      ...scores,
      ...boxProblems(
        raw.map(({ box }) => box),
        golden.det.raw.map(({ box }) => box),
      ),
    ],
  };
  const boxes = filterBoxes(
    raw.map(({ box }) => box),
    image,
    'sums',
  );
  yield { stage: 'boxes', problems: boxProblems(boxes, golden.det.boxes) };

  const ordered = topEdgeOrder(boxes);
  const crops = ordered.map((box) => cropLine(image, box));
  // A box with two equal corners has no perspective transform; OpenCV's solver returns rounding noise for it.
  const comparable = (_: unknown, i: number): boolean => new Set(ordered[i]?.map(String)).size === 4;
  yield {
    stage: 'crops',
    problems: [
      same('number', crops.length, golden.crops.length),
      ...crops
        .map((crop, i) => cropProblems(crop, i, golden))
        .filter(comparable)
        .flat(),
    ],
  };

  const angles = await (await Classifier.create(params)).classify(crops);
  const classified = angles.map(({ angle, confidence }, i) => [
    same(`angle of line ${i}`, angle, golden.cls[i]?.angle),
    near(`confidence of angle ${i}`, confidence, golden.cls[i]?.confidence ?? NaN, 0.01),
  ]);
  yield {
    stage: 'classifier',
    problems: [same('number', angles.length, golden.cls.length), ...classified.filter(comparable).flat()],
  };

  const turned = crops.map((crop, i) => {
    const angle = angles[i];
    return angle?.angle === '180' && angle.confidence > params.cls_thresh ? rotate180(crop) : crop;
  });
  const texts = await (await Recognizer.create(params)).recognize(turned);
  const read = texts.map(({ text, confidence }, i) => [
    same(`text of line ${i}`, text, golden.rec[i]?.text),
    near(`confidence of line ${i}`, confidence, golden.rec[i]?.confidence ?? NaN, 0.01),
  ]);
  yield {
    stage: 'recognizer',
    problems: [same('number', texts.length, golden.rec.length), ...read.filter(comparable).flat()],
  };

  const lines = await (await TextSystem.create(params)).read(image);
  yield {
    stage: 'answer',
    problems: [
      same('texts', lines.map(({ text }) => text).join('\n'), golden.system.map(({ text }) => text).join('\n')),
      ...boxProblems(
        lines.map(({ text_region }) => text_region),
        golden.system.map(({ text_region }) => text_region),
      ),
    ],
  };
}

function paramsFor(folder: string): SystemParams {
  const { det, rec, cls } = modelsOf(folder);
  return systemParams.parse({ ...presets.reference, det_model_dir: det, rec_model_dir: rec, cls_model_dir: cls });
}

function decodeProblems({ width, height, data }: Image, { decoded }: Golden): Problem[] {
  if (decoded === null) return ['the original cannot decode it'];
  const bgr = Buffer.from(data);
  for (let i = 0; i < bgr.length; i += 3) [bgr[i], bgr[i + 2]] = [data[i + 2] ?? 0, data[i] ?? 0];
  return [
    same('width', width, decoded.width),
    same('height', height, decoded.height),
    ...channelMeans(data).map((value, i) => near(`mean of channel ${i}`, value, decoded.meanBGR[i] ?? NaN, 1e-6)),
    same('pixels', createHash('sha256').update(bgr).digest('hex'), decoded.pixelsSha256),
  ];
}

function tensorProblems(image: Image, { det }: Golden, params: SystemParams): Problem[] {
  const padded = padTiny(image);
  const { width, height } = detectorSize(padded, params);
  const data = new Float32Array(3 * width * height);
  writeResized(padded, width, { data, offset: 0, stride: width, height }, detectorNormalization);
  const average = mean(data);
  const deviation = Math.sqrt(data.reduce((sum, value) => sum + (value - average) ** 2, 0) / data.length);
  const plane = width * height;
  return [
    same('height', height, det.resized[0]),
    same('width', width, det.resized[1]),
    near('mean', average, det.tensorMean, 1e-5),
    near('deviation', deviation, det.tensorStd, 1e-5),
    ...[0, 1, 2].map((c) =>
      near(
        `mean of channel ${c}`,
        mean(data.subarray(c * plane, (c + 1) * plane)),
        det.tensorChannelMean[c] ?? NaN,
        1e-5,
      ),
    ),
  ];
}

function boxProblems(boxes: readonly Quad[], expected: readonly Quad[]): Problem[] {
  const farthest = boxes.map((box, i) =>
    Math.max(...box.map((corner, j) => distance(corner, expected[i]?.[j] ?? [NaN, NaN]))),
  );
  const moved = farthest.findIndex((pixels) => pixels > 3);
  return [
    same('number', boxes.length, expected.length),
    atLeast('mean IoU', meanIou(boxes, expected), 0.98),
    moved < 0
      ? undefined
      : `box ${moved} is ${JSON.stringify(boxes[moved])}, recorded ${JSON.stringify(expected[moved])}`,
  ];
}

function cropProblems({ width, height, data }: Image, i: number, { crops }: Golden): Problem[] {
  const expected = crops[i];
  return [
    same(`width of crop ${i}`, width, expected?.w),
    same(`height of crop ${i}`, height, expected?.h),
    ...channelMeans(data).map((value, c) => near(`mean of crop ${i}`, value, expected?.meanBGR[c] ?? NaN, 0.05)),
  ];
}

function channelMeans(data: Uint8Array): number[] {
  const sums = [0, 0, 0];
  for (let i = 0; i < data.length; i++) sums[2 - (i % 3)] = (sums[2 - (i % 3)] ?? 0) + (data[i] ?? 0);
  return sums.map((sum) => sum / (data.length / 3));
}

function mean(values: Float32Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

function same<T>(what: string, actual: T, expected: T): Problem {
  return actual === expected ? undefined : `${what} is ${JSON.stringify(actual)}, recorded ${JSON.stringify(expected)}`;
}

function near(what: string, actual: number, expected: number, tolerance: number): Problem {
  return Math.abs(actual - expected) <= tolerance ? undefined : `${what} is ${actual}, recorded ${expected}`;
}

function atLeast(what: string, actual: number, least: number): Problem {
  return actual >= least ? undefined : `${what} is ${actual}, at least ${least} is asked`;
}
