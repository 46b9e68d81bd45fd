import { OcrHubError } from '../../errors/error.js';
import type { Quad } from '../../geometry/point.js';
import type { Image, Size } from '../../image/image.js';
import type { Region } from '../../image/resize.js';
import { writeResized, writeResizedRegion, type TensorSlot } from '../../image/tensor.js';
import { Scratch } from '../../inference/scratch.js';
import { openSession, type Session } from '../../inference/session.js';
import type { ResolvedModel } from '../../models/resolve.js';
import { verifyModel } from '../../models/verify.js';
import { boxesFromMap, type ProbabilityMap } from './db-postprocess.js';
import { filterBoxes } from './box-filter.js';
import { detectorNormalisation, detectorSize, padTiny } from './resize-rule.js';
import { requireShapes } from '../network-shapes.js';
import { detectorParams, type DetectorOverlay, type DetectorParams } from '../params.js';
import { chooseModel, type AskedPrecision } from '../precision/choose-model.js';
import { checkDetection } from '../precision/self-check.js';
import { planSlices } from './slices.js';
import { measure } from '../../trace/stage-times.js';
import { stitchSlices } from './stitch.js';

/** Anything that finds text in a picture. */
export interface TextDetector {
  detect(image: Image, overlay?: DetectorOverlay): Promise<readonly Quad[]>;
}

/** Finds text lines with a DB network: TextDetector of PaddleOCR (tools/infer/predict_det.py). */
export class Detector implements TextDetector {
  readonly #session: Session;
  readonly #params: DetectorParams;
  readonly #scratch = new Scratch();

  private constructor(session: Session, params: DetectorParams) {
    this.#session = session;
    this.#params = params;
  }

  /**
   * Checks and loads the model.
   *
   * @throws OcrHubError `model_unknown`, `model_missing`, `model_corrupt`, `model_mismatch`, `gpu_unavailable`.
   */
  static async create(params: DetectorParams): Promise<Detector> {
    const candidates: Detector[] = [];
    try {
      const model = await chooseModel('det', params.det_model_dir, askedOf(params), async (form) => {
        const candidate = await Detector.#load(form, detectorParams.parse({ det_model_dir: params.det_model_dir }));
        candidates.push(candidate);
        return checkDetection((page) => candidate.detect(page));
      });
      return await Detector.#load(model, params);
    } finally {
      // Not earlier: the form that passed its check is mostly the one that is loaded now, and need not load twice.
      await Promise.allSettled(candidates.map((candidate) => candidate.#session.close()));
    }
  }

  static async #load(model: ResolvedModel, params: DetectorParams): Promise<Detector> {
    await verifyModel(model);
    const session = await openSession(model.file, { useGpu: params.use_gpu, keepMemory: params.det_keep_memory });
    try {
      requireShapes(session, { forms: [[[undefined, 1, undefined, undefined]]], kind: 'a detector' });
    } catch (error) {
      await session.close();
      throw error;
    }
    return new Detector(session, params);
  }

  /**
   * @returns boxes in whole pixels of `image`, corners from top-left clockwise, in the order of the contours (roughly
   *   from bottom to top), not in reading order.
   */
  detect(image: Image, overlay: DetectorOverlay = {}): Promise<Quad[]> {
    return measure('detect', async () => {
      const params = { ...this.#params, ...overlay };
      const map = await this.probabilityMap(image, params);
      const boxes = boxesFromMap(map, image, params).map(({ box }) => box);
      return filterBoxes(boxes, image);
    });
  }

  /** The network's answer for a picture, at the size the network saw it; stitched where it saw slices. */
  probabilityMap(image: Image, overlay: DetectorOverlay = {}): Promise<ProbabilityMap> {
    const params = { ...this.#params, ...overlay };
    // A network of a fixed size sees every picture at that size.
    const plan = this.#fixedSize() === undefined ? planSlices(image, params) : undefined;
    if (plan !== undefined) return stitchSlices(plan, (slice) => this.#mapOfRegion(image, plan.size, slice));
    const padded = padTiny(image);
    const size = this.#fixedSize() ?? detectorSize(padded, params);
    return this.#run(size, (slot) => writeResized(padded, size.width, slot, detectorNormalisation));
  }

  #fixedSize(): Size | undefined {
    const [, , height, width] = this.#session.inputDims;
    return height !== undefined && width !== undefined ? { width, height } : undefined;
  }

  async #mapOfRegion(image: Image, size: Size, region: Region): Promise<Float32Array> {
    const { data } = await this.#run(region, (slot) =>
      writeResizedRegion(image, size, region, slot, detectorNormalisation),
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

/** `det_precision` is asked where `precision` leaves the choice. */
function askedOf({ precision, det_precision: own, use_gpu }: DetectorParams): AskedPrecision {
  if (precision === 'auto' && own === 'f32') return { precision: 'f32', use_gpu, by: 'det_precision' };
  return { precision, use_gpu };
}
