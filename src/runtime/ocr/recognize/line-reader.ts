import { oddEntries } from '../../models/odd-entries.js';
import { OcrHubError } from '../../errors/error.js';
import type { Image } from '../../image/image.js';
import { Scratch } from '../../inference/scratch.js';
import { openSession, type Session } from '../../inference/session.js';
import { decodeCtc, winnersOf, type CtcLetter, type RecognizedText, type Winners } from './ctc.js';
import { withoutEvenSpaces } from './even-spacing.js';
import { parseShape } from '../image-shape.js';
import { widthInBatch, writeLines } from './line-tensor.js';
import { mayDoubleSigns, withWholeSigns } from './whole-signs.js';
import type { Letter } from './words.js';
import { deviceOf } from '../shared-params.js';
import { requireLines, requireShapes } from '../network-shapes.js';
import type { RecognizerParams } from './params.js';

/** What a reader is opened with. It can be sent to another thread. */
export interface ReaderSpec {
  readonly file: string;
  /** The text of each class; class 0 is CTC's blank. */
  readonly characters: readonly string[];
  /** Classes that the network's own dictionary makes, for a network that does not say how many it has. */
  readonly classes?: number;
  readonly params: RecognizerParams;
}

/** What is read in one line, with the place of each letter where the caller asked for it. */
export interface ReadLine extends RecognizedText {
  readonly letters?: readonly Letter[];
}

/** One network that reads batches of lines, one after another, on the thread that opened it. */
export class LineReader {
  readonly #session: Session;
  readonly #spec: ReaderSpec;
  readonly #scratch = new Scratch();

  private constructor(session: Session, spec: ReaderSpec) {
    this.#session = session;
    this.#spec = spec;
  }

  /**
   * Loads the network and checks that it fits its characters.
   *
   * @throws OcrHubError `gpu_unavailable`, `model_mismatch`.
   */
  static async open(spec: ReaderSpec): Promise<LineReader> {
    const { file, params } = spec;
    // Two threads inside one run waste a quarter of their time. Instead, each thread reads other lines.
    const session = await openSession(file, { device: deviceOf(params), threads: 1 });
    try {
      requireFit(session, spec);
    } catch (error) {
      await session.close();
      throw error;
    }
    return new LineReader(session, spec);
  }

  /** Reads some lines in one run; one answer a line, with its letters' places on request. */
  read(lines: readonly Image[], withLetters = false): Promise<ReadLine[]> {
    const { characters, params } = this.#spec;
    const squeeze = { scale: params.rec_width_scale, margin: params.rec_margin };
    const { height } = parseShape(params.rec_image_shape);
    const width = this.#session.inputDims[3] ?? batchWidth(lines, height, params);
    return this.#scratch.lend(lines.length * 3 * height * width, async (data) => {
      writeLines(lines, { height, width }, data, squeeze);
      const winners = winnersOf(await this.#session.run(data, [lines.length, 3, height, width]));
      if (winners.lines !== lines.length || winners.classes.length !== lines.length * winners.steps)
        throw this.#misread(winners, lines.length);
      requireKnown(winners, this.#spec);
      requireProbabilities(winners, this.#spec.file);
      const { rec_even_spacing: isEven, rec_whole_signs: isWhole, rec_space_thresh: spaceFrom } = params;
      const texts = decodeCtc(winners, { characters, spaceFrom, withLetters: withLetters || isEven || isWhole });
      return texts.map(({ text, confidence, letters }, i) => {
        const line = lines[i];
        const hasParts = isWhole && mayDoubleSigns(text);
        if (line === undefined || letters === undefined || (!withLetters && !hasParts && !text.includes(' ')))
          return { text, confidence };
        // The steps share the width of the whole tensor, of which the line fills the left part.
        const stepWidth = width / winners.steps / widthInBatch(line, { height, width }, squeeze);
        const all = letters.map((letter) => placed(letter, stepWidth));
        const spaced = isEven ? withoutEvenSpaces(line, all) : all;
        const kept = hasParts ? withWholeSigns(spaced, line.width / line.height) : spaced;
        const read = kept === all ? text : kept.map((letter) => letter.text).join('');
        return { text: read, confidence, ...(withLetters ? { letters: kept } : {}) };
      });
    });
  }

  /** Gives the network's memory back, unless another reader of this thread uses it. */
  close(): Promise<void> {
    return this.#session.close();
  }

  #misread({ lines, steps }: Winners, given: number): OcrHubError {
    const problem = `it answers ${lines} x ${steps} to ${given} lines; its output is not [lines, steps, classes]`;
    return new OcrHubError('model_mismatch', { path: this.#spec.file, problem });
  }
}

/** @param stepWidth share of the line's width */
function placed({ text, confidence, step }: CtcLetter, stepWidth: number): Letter {
  return { text, confidence, at: Math.min((step + 0.5) * stepWidth, 1) };
}

type WidthParams = Pick<
  RecognizerParams,
  'rec_width_scale' | 'rec_margin' | 'rec_min_width' | 'rec_width_multiple' | 'rec_max_width'
>;

/** The width of a batch: wide enough for its widest line with a margin and for the least width, then rounded up. */
export function batchWidth(lines: readonly Image[], height: number, params: WidthParams): number {
  const aspect = Math.max(...lines.map((line) => line.width / line.height));
  const widest = Math.floor(height * aspect * params.rec_width_scale);
  const width = Math.min(Math.max(widest + params.rec_margin, params.rec_min_width), params.rec_max_width);
  return Math.ceil(width / params.rec_width_multiple) * params.rec_width_multiple;
}

const any = undefined;

/** The network must read lines as the parameters describe them, and class the characters. */
function requireFit(session: Session, spec: ReaderSpec): void {
  const { file, characters, params } = spec;
  requireShapes(session, {
    forms: [
      [[any, any, any]],
      [
        [any, any],
        [any, any],
      ],
      [
        [any, any],
        [any, any],
        [any, any],
      ],
    ],
    kind: 'a recognizer',
  });
  requireLines(session, {
    batch: { name: 'rec_batch_num', value: params.rec_batch_num },
    // Its width is only the reference's least width; a network with a fixed width gets lines of that width.
    shape: { name: 'rec_image_shape', value: { height: parseShape(params.rec_image_shape).height } },
  });
  const [first, ...others] = session.outputs;
  if (others.length > 0 && (first?.isInteger !== true || others.some(({ isInteger }) => isInteger))) {
    const problem =
      'its outputs must be integer class indices, float probabilities and, optionally, float space probabilities';
    throw new OcrHubError('model_mismatch', { path: file, problem });
  }
  const classes = first?.dims[2] ?? spec.classes;
  if (classes !== undefined && classes !== characters.length) throw otherClasses(spec, `${classes} classes`);
}

/** A network that answers its best classes does not say in its file how many it has. */
function requireKnown({ classes }: Winners, spec: ReaderSpec): void {
  const unknown = classes.find((winner) => winner >= spec.characters.length);
  if (unknown !== undefined) throw otherClasses(spec, `a class ${unknown}`);
}

/**
 * Texts are dropped by their confidence, which scores of another scale would make meaningless.
 *
 * @throws OcrHubError `model_mismatch` if the network has no softmax at its end
 */
export function requireProbabilities({ probabilities, sum = 1 }: Winners, file: string): void {
  const wrong = probabilities.find((value) => !(value >= 0 && value <= 1 + rounding));
  if (Math.abs(sum - 1) <= rounding && wrong === undefined) return;
  const found =
    Math.abs(sum - 1) <= rounding ? `a best class has ${shown(wrong)}` : `those of a step sum to ${shown(sum)}`;
  const problem = `it answers scores that are no probabilities: ${found}; export it with a Softmax over the classes at its end`;
  throw new OcrHubError('model_mismatch', { path: file, problem });
}

/** Half-precision probabilities of many classes sum to 1 only about. */
const rounding = 0.1;

function shown(value = 0): string {
  return String(Number(value.toFixed(2)));
}

/** Gives no advice: the number alone does not tell whether use_space_char or a line of the dictionary is wrong. */
function otherClasses({ file, characters, params }: ReaderSpec, has: string): OcrHubError {
  const dictionary = characters.slice(1, params.use_space_char ? -1 : undefined);
  const space = `use_space_char ${params.use_space_char}`;
  const count = `it has ${has}, and ${dictionary.length} characters in its dictionary make ${characters.length} with ${space}`;
  const odd = oddEntries(dictionary);
  const problem = odd.length > 0 ? `${count}; in the dictionary ${odd.join(', ')}` : count;
  return new OcrHubError('model_mismatch', { path: file, problem });
}
