import type { Quad } from '../geometry/point.js';
import type { Image } from '../image/image.js';
import { rotate180 } from '../image/rotate.js';
import { measure } from '../trace/stage-times.js';
import type { LineAngle } from './classify/classifier.js';
import { cropStanding, isTall, lineCropper, sizeOf, type cropLine } from './crop-lines.js';
import type { SystemParams } from './params.js';
import type { RecognizedText } from './recognize/ctc.js';
import type { LineRecognizer } from './recognize/recognizer.js';
import type { TextLine } from './text-line.js';
import { withStrokes, withText } from './strokes.js';
import { regionInPicture } from './word-region.js';

/** Reads the lines in boxes of a picture. */
export class BoxReader {
  readonly #recognizer: LineRecognizer;
  readonly #classify: (crops: readonly Image[]) => Promise<readonly LineAngle[]>;

  /** @param classify called with `use_angle_cls` alone */
  constructor(recognizer: LineRecognizer, classify: (crops: readonly Image[]) => Promise<readonly LineAngle[]>) {
    this.#recognizer = recognizer;
    this.#classify = classify;
  }

  /**
   * Answers one line for each box, in the order of the boxes.
   *
   * @throws Error when a classifier or recognizer of your own does not answer once per line
   */
  async read(image: Image, boxes: readonly Quad[], params: SystemParams): Promise<TextLine[]> {
    const crop = lineCropper(params, this.#recognizer.lineHeight);
    const lines: TextLine[] = [];
    for (let next = 0; next < boxes.length;) {
      const crops = await measure('recognize', () => Promise.resolve(cropSome(image, boxes.slice(next), crop)));
      lines.push(...(await this.#readCrops(crops, boxes.slice(next, (next += crops.length)), params)));
    }
    return params.read_narrow ? withStrokes(image, await this.#rereadNarrow(image, lines, params)) : lines;
  }

  /** Reads narrow letters as they stand, which a quarter turn makes dashes. */
  async #rereadNarrow(image: Image, lines: readonly TextLine[], { rec_model }: SystemParams): Promise<TextLine[]> {
    const narrow = lines.filter(mayStand);
    if (narrow.length === 0) return [...lines];
    const crops = narrow.map(({ text_region }) => cropStanding(image, text_region));
    const texts = await measure('recognize', () =>
      this.#recognizer.recognize(crops, { return_word_box: false, rec_model }),
    );
    const standing = new Map(paired(narrow, texts, 'recognizer'));
    return lines.map((line) => {
      const other = standing.get(line);
      return other !== undefined && standsBetter(other, line) ? withText(line, other) : line;
    });
  }

  async #readCrops(crops: readonly Image[], boxes: readonly Quad[], params: SystemParams): Promise<TextLine[]> {
    const angles = params.use_angle_cls ? await this.#classify(crops) : crops.map(() => undefined);
    const upright = paired(crops, angles, 'classifier').map(([crop, angle]) =>
      isUpsideDown(angle, params.cls_thresh) ? rotate180(crop) : crop,
    );
    // Also when false: a request may turn off what the recognizer was created with.
    const { return_word_box, rec_model } = params;
    const texts = await measure('recognize', () => this.#recognizer.recognize(upright, { return_word_box, rec_model }));
    return paired(boxes, texts, 'recognizer').map(([text_region, { text, confidence, words }], i) => {
      const angle = angles[i]?.angle;
      const line = { text, confidence, text_region, ...(angle === undefined ? {} : { angle }) };
      const size = upright[i];
      if (!return_word_box || words === undefined || size === undefined) return line;
      const cut = { box: text_region, size, isUpsideDown: isUpsideDown(angles[i], params.cls_thresh) };
      return { ...line, words: words.map((word) => ({ ...word, region: regionInPicture(word.region, cut) })) };
    });
  }
}

/** Whether a line was turned a quarter that may be one or two narrow letters side by side. */
function mayStand({ text, text_region }: TextLine): boolean {
  const { width, height } = sizeOf(text_region);
  return isTall({ width, height }) && height < maxNarrow * width && Array.from(text).length <= 2;
}

/** Height / width. An I with its margins is up to four times as high as wide. */
const maxNarrow = 5;

function standsBetter(standing: RecognizedText, turned: TextLine): boolean {
  if (standing.text === '') return false;
  return standing.confidence > turned.confidence || (lying.test(turned.text) && standing.confidence > minStanding);
}

/** Confidence from which a standing letter is read instead of a dash. */
const minStanding = 0.3;

/** What a quarter turn makes of I, l, 1, II and III. */
const lying = /^[-–—―一ー_~=二ニ三≡]+$/;

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

function isUpsideDown(line: LineAngle | undefined, threshold: number): boolean {
  return line?.angle === '180' && line.confidence > threshold;
}
