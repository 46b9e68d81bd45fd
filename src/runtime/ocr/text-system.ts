import type { PageLine } from '../document/page.js';
import type { Quad } from '../geometry/point.js';
import type { Image } from '../image/image.js';
import { rotate180 } from '../image/rotate.js';
import { Classifier, type Angle, type LineAngle, type LineClassifier } from './classify/classifier.js';
import { runWithEngine, type Engine } from '../inference/engine.js';
import { lineCropper, sizeOf, type cropLine } from './crop-lines.js';
import { Detector, type TextDetector } from './detect/detector.js';
import { outOfFrame, type Frame } from './detect/frame.js';
import { resolveCreateOptions, type CreateOptions } from './create-options.js';
import { systemParams, type SystemOverlay, type SystemParams } from './params.js';
import { areSure, isClearlySurer, isSideways, probesOf, upsideDown, type Turn } from './orientation/page-rotation.js';
import { inGivenPage, turnBack } from './orientation/turn-page.js';
import { inReadingOrder } from './order/reading-order.js';
import { topEdgeOrder } from './order/top-edge-order.js';
import type { RecognizedText } from './recognize/ctc.js';
import { Recognizer, type LineRecognizer } from './recognize/recognizer.js';
import { regionInPicture } from './word-region.js';
import { measure } from '../trace/stage-times.js';

/** A line of a page, and what the classifier says of it. */
export interface TextLine extends PageLine {
  /** The classifier's answer, where it was asked. */
  readonly angle?: Angle;
}

/** Any of the pipeline's parameters; those left out get their defaults. */
export type TextSystemOptions = CreateOptions<typeof systemParams>;

export interface TextSystemParts {
  readonly detector: TextDetector;
  /** When left out, a `Classifier` is created for the first picture that needs one. */
  readonly classifier?: LineClassifier;
  readonly recognizer: LineRecognizer;
  readonly params?: TextSystemOptions;
}

/**
 * Reads all text of a picture: TextSystem of PaddleOCR (tools/infer/predict_system.py).
 *
 * `create` loads the models. The constructor takes the parts instead; each may be an object of your own with the same
 * methods.
 *
 * @example
 * const system = await TextSystem.create({ det_limit_side_len: 1280, threads: 4 });
 * const image = await decodeImage(await readFile('page.jpg'));
 * for (const { text, confidence } of await system.read(image)) console.log(text, confidence);
 * await system.dispose();
 */
export class TextSystem {
  readonly #detector: TextDetector;
  readonly #recognizer: LineRecognizer;
  readonly #params: SystemParams;
  readonly #engine: Engine;
  #classifier: Promise<LineClassifier> | undefined;
  /** The parts that this object made and disposes of. */
  readonly #own: (Detector | Classifier | Recognizer)[] = [];
  #ownRecognizer: Recognizer | undefined;

  /** @throws OcrHubError `key_unknown`, `value_invalid` */
  constructor({ detector, classifier, recognizer, params: options = {} }: TextSystemParts) {
    const { params, engine } = resolveCreateOptions(systemParams, options, 'TextSystem');
    this.#detector = detector;
    this.#recognizer = recognizer;
    this.#params = params;
    this.#engine = engine;
    if (classifier !== undefined) this.#classifier = Promise.resolve(classifier);
  }

  /**
   * Checks and loads the models; the classifier's only with `use_angle_cls`.
   *
   * @throws OcrHubError `key_unknown`, `value_invalid`, `model_unknown`, `model_missing`, `model_corrupt`,
   *   `model_mismatch`, `gpu_unavailable`
   */
  static async create(options: TextSystemOptions = {}): Promise<TextSystem> {
    const { params, engine } = resolveCreateOptions(systemParams, options, 'TextSystem.create');
    const own: (Detector | Classifier | Recognizer)[] = [];
    const made = async <Part extends Detector | Classifier | Recognizer>(creating: Promise<Part>): Promise<Part> => {
      const part = await creating;
      own.push(part);
      return part;
    };
    return runWithEngine(engine, async () => {
      try {
        const detector = await made(Detector.create(params));
        const recognizer = await made(Recognizer.create(params));
        const classifier = params.use_angle_cls ? { classifier: await made(Classifier.create(params)) } : {};
        const system = new TextSystem({ detector, recognizer, ...classifier, params });
        system.#own.push(...own);
        system.#ownRecognizer = recognizer;
        return system;
      } catch (error) {
        await Promise.allSettled(own.map((part) => part.dispose()));
        throw error;
      }
    });
  }

  /** Number of threads that read lines now: 1, until the others have loaded the network. See `ready`. */
  get readingThreads(): number {
    return this.#ownRecognizer?.readingThreads ?? 1;
  }

  /** Waits until all threads read lines (see `Recognizer.ready`). A picture read earlier takes longer. */
  async ready(): Promise<void> {
    await this.#ownRecognizer?.ready();
  }

  /** Gives the memory of the models back. Parts given to the constructor stay open. The system cannot be used any more. */
  async dispose(): Promise<void> {
    await Promise.all(this.#own.splice(0).map((part) => part.dispose()));
  }

  /**
   * Answers the lines in reading order whose confidence is at least `drop_score`. `overlay` changes parameters for this
   * call alone. Regions are in the picture as it is given, also if the page is turned; their first corner is where the text
   * begins.
   *
   * @throws OcrHubError of `Classifier.create`, if it needs a classifier and was given none
   * @throws Error when a classifier or recognizer of your own does not answer once per line
   */
  async read(image: Image, overlay: SystemOverlay = {}): Promise<TextLine[]> {
    const frame = this.#detector.frame?.(image, overlay);
    if (frame === undefined) return this.#readPage(image, overlay);
    const lines = await this.#readPage(frame.image, { ...overlay, ...frame.overlay });
    return lines.flatMap((line) => lineOutOfFrame(line, frame) ?? []);
  }

  async #readPage(image: Image, overlay: SystemOverlay): Promise<TextLine[]> {
    const params = { ...this.#params, ...overlay };
    const { page_rotation: rotation } = params;
    return rotation === 'auto'
      ? this.#readAnyWay(image, params, overlay)
      : this.#readTurned(image, rotation, params, overlay);
  }

  /** Reads a page of which it is not known which way it is turned. An upright page costs no more. */
  async #readAnyWay(image: Image, params: SystemParams, overlay: SystemOverlay): Promise<TextLine[]> {
    const boxes = await this.#detect(image, overlay);
    if (isSideways(boxes)) {
      const turn = await this.#quarterTurnOf(image, boxes, params);
      if (turn !== undefined) return this.#readTurned(image, turn, params, overlay);
    }
    const lines = await this.#readBoxes(image, boxes, params);
    if (!areSure(lines.map(({ confidence }) => confidence)) && (await this.#isUpsideDown(image, lines, params))) {
      return this.#readTurned(image, 180, params, overlay);
    }
    return inOrder(await this.#rereadUnsure(image, lines, params), params);
  }

  async #readTurned(image: Image, turn: Turn, params: SystemParams, overlay: SystemOverlay): Promise<TextLine[]> {
    const upright = turnBack(image, turn);
    const lines = await this.#readBoxes(upright, await this.#detect(upright, overlay), params);
    const all = params.page_rotation === 'auto' ? await this.#rereadUnsure(upright, lines, params) : lines;
    const ordered = inOrder(all, params);
    return turn === 0 ? ordered : ordered.map((line) => mapRegions(line, (region) => inGivenPage(region, image, turn)));
  }

  /** Which way a page is turned whose lines run from top to bottom or from bottom to top. */
  async #quarterTurnOf(image: Image, boxes: readonly Quad[], params: SystemParams): Promise<Turn | undefined> {
    const probes = probesOf(boxes);
    const downward = await this.#confidences(image, probes, params);
    if (areSure(downward)) return 90;
    const upward = await this.#confidences(image, probes.map(upsideDown), params);
    return isClearlySurer(upward, downward) ? 270 : undefined;
  }

  async #isUpsideDown(image: Image, lines: readonly TextLine[], params: SystemParams): Promise<boolean> {
    const probes = probesOf(lines.map(({ text_region }) => text_region));
    const asItIs = lines.filter(({ text_region }) => probes.includes(text_region));
    const turned = await this.#confidences(image, probes.map(upsideDown), params);
    return isClearlySurer(
      turned,
      asItIs.map(({ confidence }) => confidence),
    );
  }

  /** Reads single lines of a page from the other end, such as a stamp upside down or a table head on its side. */
  async #rereadUnsure(image: Image, lines: readonly TextLine[], params: SystemParams): Promise<TextLine[]> {
    const unsure = lines.filter(({ confidence, text_region }) => confidence < unsureConfidence && isLong(text_region));
    if (unsure.length === 0) return [...lines];
    const boxes = unsure.map(({ text_region }) => upsideDown(text_region));
    const again = await this.#readBoxes(image, boxes, { ...params, use_angle_cls: false });
    const better = new Map(unsure.map((line, i) => [line, again[i]]));
    return lines.map((line) => {
      const other = better.get(line);
      return other !== undefined && isClearlySurer([other.confidence], [line.confidence]) ? other : line;
    });
  }

  async #confidences(image: Image, boxes: readonly Quad[], params: SystemParams): Promise<number[]> {
    const plain = { ...params, use_angle_cls: false, return_word_box: false };
    return (await this.#readBoxes(image, boxes, plain)).map(({ confidence }) => confidence);
  }

  async #detect(image: Image, overlay: SystemOverlay): Promise<Quad[]> {
    return topEdgeOrder(await measure('detect', () => this.#detector.detect(image, overlay)));
  }

  /** Answers one line for each box. */
  async #readBoxes(image: Image, boxes: readonly Quad[], params: SystemParams): Promise<TextLine[]> {
    const crop = lineCropper(params, this.#recognizer.lineHeight);
    const lines: TextLine[] = [];
    for (let next = 0; next < boxes.length;) {
      const crops = await measure('recognize', () => Promise.resolve(cropSome(image, boxes.slice(next), crop)));
      lines.push(...(await this.#readLines(crops, boxes.slice(next, (next += crops.length)), params)));
    }
    return params.reading_order === 'reference' ? lines : inReadingOrder(lines);
  }

  async #readLines(crops: readonly Image[], boxes: readonly Quad[], params: SystemParams): Promise<TextLine[]> {
    const angles = params.use_angle_cls ? await this.#classify(crops) : crops.map(() => undefined);
    const upright = paired(crops, angles, 'classifier').map(([crop, angle]) =>
      isUpsideDown(angle, params.cls_thresh) ? rotate180(crop) : crop,
    );
    const texts = await measure('recognize', () => this.#recognize(upright, params));
    return paired(boxes, texts, 'recognizer').map(([text_region, { text, confidence, words }], i) => {
      const angle = angles[i]?.angle;
      const line = { text, confidence, text_region, ...(angle === undefined ? {} : { angle }) };
      const size = upright[i];
      if (!params.return_word_box || words === undefined || size === undefined) return line;
      const cut = { box: text_region, size, isUpsideDown: isUpsideDown(angles[i], params.cls_thresh) };
      return { ...line, words: words.map((word) => ({ ...word, region: regionInPicture(word.region, cut) })) };
    });
  }

  #recognize(lines: readonly Image[], { return_word_box }: SystemParams): Promise<readonly RecognizedText[]> {
    // Also when false: a request may turn off what the recognizer was created with.
    return this.#recognizer.recognize(lines, { return_word_box });
  }

  #classify(crops: readonly Image[]): Promise<readonly LineAngle[]> {
    return measure('classify', async () => {
      this.#classifier ??= this.#createClassifier();
      // The next picture tries again.
      this.#classifier.catch(() => (this.#classifier = undefined));
      return (await this.#classifier).classify(crops);
    });
  }

  async #createClassifier(): Promise<Classifier> {
    const classifier = await runWithEngine(this.#engine, () => Classifier.create(this.#params));
    this.#own.push(classifier);
    return classifier;
  }
}

/** Undefined if the line lies in the frame. Words that do are left out. */
function lineOutOfFrame(line: TextLine, frame: Frame): TextLine | undefined {
  const text_region = outOfFrame(line.text_region, frame);
  if (text_region === undefined) return undefined;
  const { words } = line;
  if (words === undefined) return { ...line, text_region };
  return {
    ...line,
    text_region,
    words: words.flatMap((word) => {
      const region = outOfFrame(word.region, frame);
      return region === undefined ? [] : [{ ...word, region }];
    }),
  };
}

/** The lines whose confidence is at least `drop_score`, as they follow each other on the upright page. */
function inOrder(lines: readonly TextLine[], { drop_score, reading_order }: SystemParams): TextLine[] {
  const kept = lines.filter(({ confidence }) => confidence >= drop_score);
  return reading_order === 'reference' ? kept : inReadingOrder(kept);
}

/** Pairs each line with its answer. A missing answer would silently lose a line or shift the texts. */
function paired<Line, Answer>(lines: readonly Line[], answers: readonly Answer[], part: string): [Line, Answer][] {
  if (answers.length !== lines.length)
    throw new Error(`the ${part} gave ${answers.length} answers to ${lines.length} lines`);
  return lines.map((line, i) => [line, answers[i] as Answer]);
}

/**
 * Lines are read in portions that have at most this many times the pixels of their picture. A large
 * `det_db_unclip_ratio` makes boxes overlap, and all lines of a large page at once would take a gigabyte. At its default
 * value all lines of a page fit into one portion.
 */
const maxCutOut = 4;

/** Cuts out the lines of the first boxes, at least one. */
function cropSome(image: Image, boxes: readonly Quad[], crop: typeof cropLine): Image[] {
  const crops: Image[] = [];
  let left = maxCutOut * image.width * image.height;
  for (const box of boxes) {
    const line = crop(image, box);
    crops.push(line);
    left -= line.width * line.height;
    if (left <= 0) break;
  }
  return crops;
}

function mapRegions(line: TextLine, map: (region: Quad) => Quad): TextLine {
  const { text_region, words } = line;
  const mapped = words?.map((word) => ({ ...word, region: map(word.region) }));
  return { ...line, text_region: map(text_region), ...(mapped === undefined ? {} : { words: mapped }) };
}

/** Nine of ten lines upside down are read with less confidence, and one of fifty upright lines (docs/decisions/0027). */
const unsureConfidence = 0.75;

/** Whether a line is long enough that its direction can be told: two letters or more. */
function isLong(box: Quad): boolean {
  const { width, height } = sizeOf(box);
  return Math.max(width, height) >= minLength * Math.min(width, height);
}

const minLength = 1.5;

function isUpsideDown(line: LineAngle | undefined, threshold: number): boolean {
  return line?.angle === '180' && line.confidence > threshold;
}
