import type { PageLine } from '../document/page.js';
import type { Quad } from '../geometry/point.js';
import type { Image } from '../image/image.js';
import { rotate180 } from '../image/rotate.js';
import { Classifier, type Angle, type LineAngle, type LineClassifier } from './classify/classifier.js';
import { cropLine, lineCropper } from './crop-lines.js';
import { Detector, type TextDetector } from './detect/detector.js';
import type { SystemOverlay, SystemParams } from './params.js';
import { readingOrder } from './reading-order.js';
import type { RecognizedText } from './recognize/ctc.js';
import { Recognizer, type LineRecognizer } from './recognize/recognizer.js';
import { regionInPicture } from './word-region.js';
import { measure } from '../trace/stage-times.js';

/** A line of a page, and what the classifier says of it. */
export interface TextLine extends PageLine {
  /** The classifier's answer, where it was asked. */
  readonly angle?: Angle;
}

export interface TextSystemParts {
  readonly detector: TextDetector;
  /** Left out: loaded when first wanted, by the parameters. */
  readonly classifier?: LineClassifier;
  readonly recognizer: LineRecognizer;
  readonly params: SystemParams;
}

/**
 * Reads all text of a picture: TextSystem of PaddleOCR (tools/infer/predict_system.py). Each part may be replaced by an
 * object with the same method.
 */
export class TextSystem {
  readonly #parts: TextSystemParts;
  #classifier: Promise<LineClassifier> | undefined;

  constructor(parts: TextSystemParts) {
    this.#parts = parts;
    if (parts.classifier !== undefined) this.#classifier = Promise.resolve(parts.classifier);
  }

  /**
   * Checks and loads the models; the classifier's only with `use_angle_cls`.
   *
   * @throws OcrHubError `model_unknown`, `model_missing`, `model_corrupt`, `model_mismatch`, `gpu_unavailable`.
   */
  static async create(params: SystemParams): Promise<TextSystem> {
    const detector = await Detector.create(params);
    const recognizer = await Recognizer.create(params);
    if (!params.use_angle_cls) return new TextSystem({ detector, recognizer, params });
    return new TextSystem({ detector, classifier: await Classifier.create(params), recognizer, params });
  }

  /**
   * The lines in reading order whose confidence is at least `drop_score`.
   *
   * @throws Error when a classifier or recogniser of somebody's own gives another number of answers than it got lines
   */
  async read(image: Image, overlay: SystemOverlay = {}): Promise<TextLine[]> {
    const { detector, recognizer } = this.#parts;
    const params = { ...this.#parts.params, ...overlay };
    const boxes = readingOrder(await measure('detect', () => detector.detect(image, overlay)));
    // A recogniser of somebody's own gets lines at their own size.
    const crop = recognizer instanceof Recognizer ? lineCropper(params) : cropLine;
    const lines: TextLine[] = [];
    for (let next = 0; next < boxes.length;) {
      const crops = await measure('recognise', () => Promise.resolve(cropSome(image, boxes.slice(next), crop)));
      lines.push(...(await this.#readLines(crops, boxes.slice(next, (next += crops.length)), params)));
    }
    return lines;
  }

  async #readLines(crops: readonly Image[], boxes: readonly Quad[], params: SystemParams): Promise<TextLine[]> {
    const angles = params.use_angle_cls ? await this.#classify(crops) : crops.map(() => undefined);
    const upright = paired(crops, angles, 'classifier').map(([crop, angle]) =>
      isUpsideDown(angle, params.cls_thresh) ? rotate180(crop) : crop,
    );
    const texts = await measure('recognise', () => this.#recognize(upright, params));
    return paired(boxes, texts, 'recogniser').flatMap(([text_region, { text, confidence, words }], i) => {
      if (confidence < params.drop_score) return [];
      const angle = angles[i]?.angle;
      const line = { text, confidence, text_region, ...(angle === undefined ? {} : { angle }) };
      const size = upright[i];
      if (words === undefined || size === undefined) return [line];
      const cut = { box: text_region, size, isUpsideDown: isUpsideDown(angles[i], params.cls_thresh) };
      return [{ ...line, words: words.map((word) => ({ ...word, region: regionInPicture(word.region, cut) })) }];
    });
  }

  #recognize(lines: readonly Image[], { return_word_box }: SystemParams): Promise<readonly RecognizedText[]> {
    const { recognizer } = this.#parts;
    return return_word_box ? recognizer.recognize(lines, { return_word_box }) : recognizer.recognize(lines);
  }

  #classify(crops: readonly Image[]): Promise<readonly LineAngle[]> {
    return measure('classify', async () => {
      this.#classifier ??= Classifier.create(this.#parts.params);
      // What kept it from loading may pass.
      this.#classifier.catch(() => (this.#classifier = undefined));
      return (await this.#classifier).classify(crops);
    });
  }
}

/** Each line with its answer. One too few would lose a line, or give it the text of another, without a word. */
function paired<Line, Answer>(lines: readonly Line[], answers: readonly Answer[], part: string): [Line, Answer][] {
  if (answers.length !== lines.length)
    throw new Error(`the ${part} gave ${answers.length} answers to ${lines.length} lines`);
  return lines.map((line, i) => [line, answers[i] as Answer]);
}

/**
 * Lines are cut out until they have so many times the pixels of their picture, and read before others are: where
 * `det_db_unclip_ratio` makes boxes overlap, those of a large page would take a gigabyte. At its usual value all lines of a
 * page come at once.
 */
const mostCutOut = 4;

/** The lines of the first boxes, at least of one. */
function cropSome(image: Image, boxes: readonly Quad[], crop: typeof cropLine): Image[] {
  const crops: Image[] = [];
  let left = mostCutOut * image.width * image.height;
  for (const box of boxes) {
    const line = crop(image, box);
    crops.push(line);
    left -= line.width * line.height;
    if (left <= 0) break;
  }
  return crops;
}

function isUpsideDown(line: LineAngle | undefined, threshold: number): boolean {
  return line?.angle === '180' && line.confidence > threshold;
}
