import type { Image } from '../image/image.js';
import { Classifier, type LineAngle, type LineClassifier } from './classify/classifier.js';
import { runWithEngine, type Engine } from '../inference/engine.js';
import { BoxReader } from './box-reader.js';
import { Detector, type TextDetector } from './detect/detector.js';
import { outOfFrame } from './detect/frame.js';
import { resolveCreateOptions, type CreateOptions } from './create-options.js';
import { systemParams, type SystemOverlay, type SystemParams } from './params.js';
import { readAnyWay, readTurned, type PageReader } from './orientation/turned-page.js';
import { withDisplays } from './display/with-displays.js';
import { inReadingOrder } from './order/reading-order.js';
import { topEdgeOrder } from './order/top-edge-order.js';
import { Recognizer, type LineRecognizer } from './recognize/recognizer.js';
import { areDoubtful, surerLines } from './surer-lines.js';
import { mapLine, type TextLine } from './text-line.js';
import { withoutTextures } from './texture/without-textures.js';
import { withVerticalMarks } from './vertical/with-vertical-marks.js';
import { measure } from '../trace/stage-times.js';

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
    const read = await this.#readFramed(image, overlay);
    const params = { ...this.#params, ...overlay };
    const found = params.read_vertical_marks ? await withVerticalMarks(image, read, this.#recognizer, params) : read;
    const lines = params.read_displays ? withDisplays(image, found) : found;
    return [...(params.drop_textures ? withoutTextures(image, lines) : lines)];
  }

  async #readFramed(image: Image, overlay: SystemOverlay): Promise<readonly TextLine[]> {
    const frame = this.#detector.frame?.(image, overlay);
    if (frame === undefined) return this.#readPage(image, overlay);
    const { drop_score } = { ...this.#params, ...overlay };
    const read = await this.#readPage(frame.image, { ...overlay, ...frame.overlay }, { keepsUnsure: true });
    const framed = read.flatMap((line) => mapLine(line, (region) => outOfFrame(region, frame)) ?? []);
    // A picture cut out of a drawing has no ground that a frame could go on with, and the frame may look like its outline.
    const surer = areDoubtful(framed)
      ? surerLines(framed, await this.#readPage(image, { ...overlay, det_border: 0 }, { keepsUnsure: true }))
      : framed;
    return surer.filter(({ confidence }) => confidence >= drop_score);
  }

  /** @param keepsUnsure whether lines below `drop_score` are answered too, after the others */
  #readPage(image: Image, overlay: SystemOverlay, { keepsUnsure = false } = {}): Promise<readonly TextLine[]> {
    const params = { ...this.#params, ...overlay };
    const reader = this.#pageReader(params, overlay, keepsUnsure);
    const { page_rotation: turn } = params;
    return turn === 'auto' ? readAnyWay(image, reader) : readTurned(image, turn, reader);
  }

  #pageReader(params: SystemParams, overlay: SystemOverlay, keepsUnsure: boolean): PageReader {
    const boxes = new BoxReader(this.#recognizer, (crops) => this.#classify(crops));
    const plain = { ...params, use_angle_cls: false, return_word_box: false, read_narrow: false };
    return {
      detect: async (image) => topEdgeOrder(await measure('detect', () => this.#detector.detect(image, overlay))),
      read: (image, lines) => boxes.read(image, lines, params),
      probe: (image, lines) => boxes.read(image, lines, plain),
      arrange: (lines) => {
        const kept = lines.filter(({ confidence }) => confidence >= params.drop_score);
        const ordered = params.reading_order === 'reference' ? kept : inReadingOrder(kept);
        return keepsUnsure ? [...ordered, ...lines.filter((line) => !kept.includes(line))] : ordered;
      },
    };
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
