import { OcrHubError } from '../../errors/error.js';
import type { Point, Quad } from '../../geometry/point.js';
import type { Image, Size } from '../../image/image.js';
import type { Region } from '../../image/resize.js';
import { writeResized, writeResizedRegion, type TensorSlot } from '../../image/tensor.js';
import { Scratch } from '../../inference/scratch.js';
import type { Engine } from '../../inference/engine.js';
import { openSession, type Session } from '../../inference/session.js';
import type { ResolvedModel } from '../../models/resolve.js';
import { verifyModel } from '../../models/verify.js';
import { planCloserLook, withCloserLook, type CloserLook } from './closer-look.js';
import { boxesFromMap, filterBoxes, textContours, type ProbabilityMap } from './db-postprocess.js';
import { frameSmall, outOfFrame, type Frame } from './frame.js';
import { detectorNormalization, detectorSize, padTiny } from './resize-rule.js';
import { requireShapes } from '../network-shapes.js';
import { resolveCreateOptions, type CreateOptions } from '../create-options.js';
import { deviceOf } from '../shared-params.js';
import { detectorParams, type DetectorOverlay, type DetectorParams } from './params.js';
import { chooseModel, type AskedPrecision, type NamedModel } from '../precision/choose-model.js';
import { checkDetection } from '../precision/self-check.js';
import { mayHoldLargeLines, withLargeLines } from './large-lines.js';
import { planSlices } from './slices.js';
import { smallPrintOf } from './small-print.js';
import { measure } from '../../trace/stage-times.js';
import { stitchSlices } from './stitch.js';

/** Finds the text lines of a picture. `Detector` does; so may an object of your own. */
export interface TextDetector {
  /**
   * Puts a small picture into a frame, if the detector does so. A pipeline then cuts the lines out of the framed picture:
   * letters at the edge of their line are misread.
   */
  frame?(image: Image, overlay?: DetectorOverlay): Frame | undefined;
  detect(image: Image, overlay?: DetectorOverlay): Promise<readonly Quad[]>;
}

/** Any of the detector's parameters; those left out get their defaults. */
export type DetectorOptions = CreateOptions<typeof detectorParams>;

/**
 * Finds text lines with a DB network: TextDetector of PaddleOCR (tools/infer/predict_det.py).
 *
 * @example
 * const detector = await Detector.create({ det_limit_side_len: 1280, threads: 4 });
 * const boxes = await detector.detect(await decodeImage(await readFile('page.jpg')));
 * await detector.dispose();
 */
export class Detector implements TextDetector {
  readonly #session: Session;
  readonly #params: DetectorParams;
  readonly #scratch = new Scratch();
  #disposed = false;

  private constructor(session: Session, params: DetectorParams) {
    this.#session = session;
    this.#params = params;
  }

  /**
   * Checks and loads the model.
   *
   * @throws OcrHubError `key_unknown`, `value_invalid`, `model_unknown`, `model_missing`, `model_corrupt`,
   *   `model_mismatch`, `gpu_unavailable`
   */
  static async create(options: DetectorOptions = {}): Promise<Detector> {
    const { params, engine } = resolveCreateOptions(detectorParams, options, 'Detector.create');
    const candidates: Detector[] = [];
    try {
      const model = await chooseModel(modelOf(params, engine), askedOf(params), async (form) => {
        const candidate = await Detector.#load(
          form,
          detectorParams.parse({ det_model_dir: params.det_model_dir }),
          engine,
        );
        candidates.push(candidate);
        return checkDetection((page) => candidate.detect(page));
      });
      return await Detector.#load(model, params, engine);
    } finally {
      // Closed last, because the form that passed its check is usually the one loaded now: it is not loaded twice.
      await Promise.allSettled(candidates.map((candidate) => candidate.dispose()));
    }
  }

  static async #load(model: ResolvedModel, params: DetectorParams, { threads }: Engine): Promise<Detector> {
    await verifyModel(model);
    const session = await openSession(model.file, {
      device: deviceOf(params),
      threads,
      keepMemory: params.det_keep_memory,
    });
    try {
      requireShapes(session, { forms: [[[undefined, 1, undefined, undefined]]], kind: 'a detector' });
    } catch (error) {
      await session.close();
      throw error;
    }
    return new Detector(session, params);
  }

  /**
   * Finds the lines of a picture. `overlay` changes parameters for this call alone.
   *
   * @returns boxes in whole pixels of `image`, corners from top-left clockwise, in the order of the contours (roughly
   *   from bottom to top), not in reading order.
   */
  detect(image: Image, overlay: DetectorOverlay = {}): Promise<Quad[]> {
    return measure('detect', async () => {
      const params = { ...this.#params, ...overlay };
      const frame = this.frame(image, overlay);
      if (frame === undefined) return this.#detect(image, params);
      const boxes = await this.#detect(frame.image, { ...params, ...frame.overlay });
      return boxes.flatMap((box) => {
        const inside = outOfFrame(box, frame);
        return inside === undefined ? [] : [inside];
      });
    });
  }

  async #detect(image: Image, params: DetectorParams): Promise<Quad[]> {
    const map = await this.#mapOf(image, params);
    const contours = textContours(map, params);
    const boxes = await this.#withLargeLines(map, this.#boxesOf(map, image, params, contours), image, params);
    if (!params.det_small_print || this.#fixedSize() !== undefined) return boxes;
    return this.#withSmallPrint({ map, contours, boxes }, image, params);
  }

  async #withLargeLines(map: ProbabilityMap, boxes: Quad[], image: Image, params: DetectorParams): Promise<Quad[]> {
    if (map.slices === undefined || !mayHoldLargeLines(map, image, params)) return boxes;
    // Letters that are too large for a slice are seen in a look at the whole strip, which costs a sixth or less.
    const whole = await this.#mapOf(image, { ...params, det_slice: false });
    const scale = map.width / image.width;
    return withLargeLines(boxes, this.#boxesOf(whole, image, params), scale);
  }

  /** Looks again where the text is too small in the map, larger each time. */
  async #withSmallPrint({ map, contours, boxes }: Look, image: Image, params: DetectorParams): Promise<Quad[]> {
    let all = boxes;
    for (const print of smallPrintOf(map, contours, image)) {
      const plan = planCloserLook(map, print, image, params);
      if (plan === undefined) continue;
      const closer = await this.#mapOfPart(image, plan);
      const found = textContours(closer, params);
      const look = { map: closer, contours: found, boxes: this.#boxesOf(closer, image, params, found) };
      all = withCloserLook(all, await this.#withSmallPrint(look, image, params), plan, image);
    }
    return all;
  }

  async #mapOfPart(image: Image, plan: CloserLook): Promise<ProbabilityMap> {
    const { whole, part } = plan;
    const map = await stitchSlices(plan, ({ x, y, width, height }) =>
      this.#mapOfRegion(image, whole, { x: part.x + x, y: part.y + y, width, height }),
    );
    return { ...map, part: { x: part.x, y: part.y, whole } };
  }

  #boxesOf(map: ProbabilityMap, image: Image, params: DetectorParams, contours?: Point[][]): Quad[] {
    const boxes = boxesFromMap(map, image, params, contours).map(({ box }) => box);
    return filterBoxes(boxes, image, params.det_corner_order);
  }

  /** A frame around a picture that is small at the detector; undefined for others, and for a network of a fixed size. */
  frame(image: Image, overlay: DetectorOverlay = {}): Frame | undefined {
    return this.#fixedSize() === undefined ? frameSmall(image, { ...this.#params, ...overlay }) : undefined;
  }

  /** The probabilities of a picture at the size that the network saw; those of a sliced strip stitched together. */
  probabilityMap(image: Image, overlay: DetectorOverlay = {}): Promise<ProbabilityMap> {
    return this.#mapOf(image, { ...this.#params, ...overlay });
  }

  /** Gives the network's memory back, unless another detector uses the same one. The detector cannot be used any more. */
  async dispose(): Promise<void> {
    if (this.#disposed) return;
    this.#disposed = true;
    await this.#session.close();
  }

  #mapOf(image: Image, params: DetectorParams): Promise<ProbabilityMap> {
    // A network of a fixed size sees every picture at that size.
    const plan = this.#fixedSize() === undefined ? planSlices(image, params) : undefined;
    if (plan !== undefined) return stitchSlices(plan, (slice) => this.#mapOfRegion(image, plan.size, slice));
    const padded = padTiny(image);
    const size = this.#fixedSize() ?? detectorSize(padded, params);
    return this.#run(size, (slot) => writeResized(padded, size.width, slot, detectorNormalization));
  }

  #fixedSize(): Size | undefined {
    const [, , height, width] = this.#session.inputDims;
    return height !== undefined && width !== undefined ? { width, height } : undefined;
  }

  async #mapOfRegion(image: Image, size: Size, region: Region): Promise<Float32Array> {
    const { data } = await this.#run(region, (slot) =>
      writeResizedRegion(image, size, region, slot, detectorNormalization),
    );
    return data;
  }

  #run({ width, height }: Size, write: (slot: TensorSlot) => void): Promise<ProbabilityMap> {
    return this.#scratch.lend(3 * width * height, async (data) => {
      write({ data, offset: 0, stride: width, height });
      const [map] = await this.#session.run(data, [1, 3, height, width]);
      if (map?.data.length === width * height) return { width, height, data: map.data };
      const problem = `it answers ${map?.dims.join(' x ') ?? 'nothing'} to a picture of ${height} x ${width}; a detector's map is as large as its picture`;
      throw new OcrHubError('model_mismatch', { path: this.#session.file, problem });
    });
  }
}

/** What one look at a picture or a part of it has shown. */
interface Look {
  readonly map: ProbabilityMap;
  readonly contours: Point[][];
  readonly boxes: Quad[];
}

function modelOf({ det_model_dir: name }: DetectorParams, { home }: Engine): NamedModel {
  return { role: 'det', name, home };
}

/** `det_precision` counts only if `precision` is auto. */
function askedOf({ precision, det_precision: own, device, use_gpu }: DetectorParams): AskedPrecision {
  if (precision === 'auto' && own === 'f32') return { precision: 'f32', device, use_gpu, by: 'det_precision' };
  return { precision, device, use_gpu };
}
