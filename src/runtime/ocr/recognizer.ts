import { OcrHubError } from '../errors.js';
import type { Image } from '../image/image.js';
import { Scratch } from '../inference/scratch.js';
import { openSession, type Session } from '../inference/session.js';
import { loadDictionary } from '../models/dictionary.js';
import type { KnownFile } from '../models/locate.js';
import { resolveModel, type ResolvedModel } from '../models/resolve.js';
import { verifyModel } from '../models/verify.js';
import { decodeCtc, type RecognizedText } from './ctc.js';
import { batchesByAspect, parseShape, writeLines } from './line-input.js';
import { requireLines, requireShapes } from './network-shapes.js';
import { cutLine, joinPieces } from './long-line.js';
import type { RecognizerParams } from './params.js';
import { measure } from './stages.js';

/** Anything that reads text lines. */
export interface LineRecognizer {
  recognize(lines: readonly Image[]): Promise<readonly RecognizedText[]>;
}

/** Reads text lines with a CTC network: TextRecognizer of PaddleOCR (tools/infer/predict_rec.py). */
export class Recognizer implements LineRecognizer {
  readonly #session: Session;
  readonly #characters: readonly string[];
  readonly #params: RecognizerParams;
  readonly #scratch = new Scratch();

  private constructor(session: Session, characters: readonly string[], params: RecognizerParams) {
    this.#session = session;
    this.#characters = characters;
    this.#params = params;
  }

  /**
   * Checks and loads the model and its dictionary.
   *
   * @throws OcrHubError `model_unknown`, `model_missing`, `model_corrupt`, `gpu_unavailable`, and `model_mismatch` when
   *   the dictionary has another number of characters than the model classes.
   */
  static async create(params: RecognizerParams): Promise<Recognizer> {
    const model = resolveModel('rec', params.rec_model_dir);
    const dictionary = await loadDictionary(dictionaryOf(model, params.rec_char_dict_path));
    await verifyModel(model);
    const session = await openSession(model.file, { useGpu: params.use_gpu });
    requireShapes(session, { output: [undefined, undefined, undefined], kind: 'a recogniser' });
    requireLines(session, {
      batch: { name: 'rec_batch_num', value: params.rec_batch_num },
      // Its width is only the reference's least width; a network with a fixed width gets lines of that width.
      shape: { name: 'rec_image_shape', value: { height: parseShape(params.rec_image_shape).height } },
    });
    // Class 0 is CTC's blank; the space follows the dictionary.
    const characters = ['', ...dictionary, ...(params.use_space_char ? [' '] : [])];
    requireClasses(session, characters.length, dictionary.length);
    return new Recognizer(session, characters, params);
  }

  /** One answer a line, in the order of the lines. */
  recognize(lines: readonly Image[]): Promise<RecognizedText[]> {
    return measure('recognise', async () => {
      const cut = lines.map((line) => cutLine(line, this.#widest(line)));
      const texts = await this.#recognizeWhole(cut.flat().map(({ image }) => image));
      let read = 0;
      return cut.map((pieces) => joinPieces(pieces, texts.slice(read, (read += pieces.length))));
    });
  }

  /** Pixels of a line that fit into the longest run. */
  #widest({ height }: Image): number {
    const { rec_max_width: width, rec_image_shape: shape } = this.#params;
    return Math.floor((width * height) / parseShape(shape).height);
  }

  async #recognizeWhole(lines: readonly Image[]): Promise<RecognizedText[]> {
    const answers = new Array<RecognizedText>(lines.length);
    for (const batch of batchesByAspect(lines, this.#params.rec_batch_num)) {
      const texts = await this.#run(batch.flatMap((i) => lines[i] ?? []));
      batch.forEach((line, i) => (answers[line] = texts[i] ?? { text: '', confidence: 0 }));
    }
    return answers;
  }

  #run(lines: readonly Image[]): Promise<RecognizedText[]> {
    const { height } = parseShape(this.#params.rec_image_shape);
    const width = this.#session.inputDims[3] ?? batchWidth(lines, height, this.#params);
    return this.#scratch.lend(lines.length * 3 * height * width, async (data) => {
      writeLines(lines, { height, width }, data);
      return decodeCtc(await this.#session.run(data, [lines.length, 3, height, width]), this.#characters);
    });
  }
}

/** The width of a batch: wide enough for its widest line and for the least width, then rounded up. */
export function batchWidth(
  lines: readonly Image[],
  height: number,
  params: Pick<RecognizerParams, 'rec_min_width' | 'rec_width_multiple' | 'rec_max_width'>,
): number {
  const widest = Math.max(params.rec_min_width / height, ...lines.map((line) => line.width / line.height));
  const width = Math.min(Math.floor(height * widest), params.rec_max_width);
  return Math.ceil(width / params.rec_width_multiple) * params.rec_width_multiple;
}

function dictionaryOf(model: ResolvedModel, file: string): KnownFile {
  if (file !== '') return { file };
  if (model.dictionary !== undefined) return model.dictionary;
  throw new OcrHubError('model_mismatch', {
    path: model.file,
    problem: 'it has no dictionary; put dict.txt or inference.yml beside it, or set rec_char_dict_path',
  });
}

function requireClasses(session: Session, expected: number, characters: number): void {
  const classes = session.outputClasses;
  if (classes === undefined || classes === expected) return;
  throw new OcrHubError('model_mismatch', {
    path: session.file,
    problem: `it has ${classes} classes, and ${characters} characters in its dictionary make ${expected}`,
  });
}
