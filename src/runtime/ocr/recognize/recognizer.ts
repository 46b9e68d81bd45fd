import { OcrHubError } from '../../errors/error.js';
import type { Image } from '../../image/image.js';
import { loadDictionary } from '../../models/dictionary.js';
import type { KnownFile } from '../../models/locate.js';
import type { ResolvedModel } from '../../models/resolve.js';
import { verifyModel } from '../../models/verify.js';
import type { RecognizedText } from './ctc.js';
import { parseShape } from '../image-shape.js';
import { batchesByAspect } from './line-tensor.js';
import { LineReader, type ReadLine, type ReaderSpec } from './line-reader.js';
import { cutLine, joinPieces } from './long-line.js';
import { resolveCreateOptions, type CreateOptions } from '../create-options.js';
import { deviceOf } from '../shared-params.js';
import { recognizerParams, type RecognizerOverlay, type RecognizerParams } from './params.js';
import { chooseModel } from '../precision/choose-model.js';
import { ReadingThreads } from './threads.js';
import { checkRecognition } from '../precision/self-check.js';
import { drain, createBatchQueue } from './batch-queue.js';
import { placeWords } from './words.js';
import { measure } from '../../trace/stage-times.js';

/** Reads text lines. Answers one text per line, in the order of the lines. */
export interface LineRecognizer {
  /**
   * The height in pixels that the recognizer resizes lines to. A pipeline then cuts a tilted line out at this height in
   * one step. Without it, lines come at their own size.
   */
  readonly lineHeight?: number;
  /** @param overlay `return_word_box`: whether the answers should have `words`; a recognizer may leave them out. */
  recognize(lines: readonly Image[], overlay?: RecognizerOverlay): Promise<readonly RecognizedText[]>;
}

/** Any of the recognizer's parameters; those left out get their defaults. */
export type RecognizerOptions = CreateOptions<typeof recognizerParams>;

/**
 * Reads text lines with a CTC network: TextRecognizer of PaddleOCR (tools/infer/predict_rec.py). With several threads,
 * each reads other lines; the texts do not depend on the number of threads.
 *
 * @example
 * const recognizer = await Recognizer.create({ threads: 4 });
 * const [{ text, confidence }] = await recognizer.recognize([cropLine(image, box)]);
 * await recognizer.dispose();
 */
export class Recognizer implements LineRecognizer {
  readonly #reader: LineReader;
  readonly #threads: ReadingThreads;
  readonly #params: RecognizerParams;
  #disposed = false;

  private constructor(reader: LineReader, threads: ReadingThreads, params: RecognizerParams) {
    this.#reader = reader;
    this.#threads = threads;
    this.#params = params;
  }

  /**
   * Checks and loads the model and its dictionary.
   *
   * @throws OcrHubError `key_unknown`, `value_invalid`, `model_unknown`, `model_missing`, `model_corrupt`,
   *   `gpu_unavailable`, and `model_mismatch` when the dictionary does not have a character per class of the model
   */
  static async create(options: RecognizerOptions = {}): Promise<Recognizer> {
    const { params, engine } = resolveCreateOptions(recognizerParams, options, 'Recognizer.create');
    const named = { role: 'rec', name: params.rec_model_dir, home: engine.home } as const;
    const candidates: LineReader[] = [];
    try {
      const model = await chooseModel(named, params, async (form) => {
        const defaults = recognizerParams.parse({ rec_model_dir: params.rec_model_dir });
        const candidate = await LineReader.open(await specOf(form, defaults));
        candidates.push(candidate);
        return checkRecognition((lines) =>
          Promise.all(lines.map((line) => candidate.read([line]))).then((texts) => texts.flat()),
        );
      });
      const spec = await specOf(model, params);
      const reader = await LineReader.open(spec);
      // The calling thread reads too.
      const others = deviceOf(params) === 'cuda' ? 0 : engine.threads - 1;
      return new Recognizer(reader, new ReadingThreads(spec, others), params);
    } finally {
      // Closed last, because the form that passed its check is usually the one loaded now: it is not loaded twice.
      await Promise.allSettled(candidates.map((candidate) => candidate.close()));
    }
  }

  get lineHeight(): number {
    return parseShape(this.#params.rec_image_shape).height;
  }

  /** Number of threads that read lines now. See `ready`. */
  get readingThreads(): number {
    return 1 + this.#threads.size;
  }

  /** Waits until all threads read. `create` does not: until a thread has loaded the network, the others read its lines. */
  async ready(): Promise<void> {
    await this.#threads.ready();
  }

  /** Gives the networks' memory back, unless another recognizer uses them. The recognizer cannot be used any more. */
  async dispose(): Promise<void> {
    if (this.#disposed) return;
    this.#disposed = true;
    await Promise.all([this.#reader.close(), this.#threads.close()]);
  }

  /**
   * Answers one text per line, in the order of the lines.
   *
   * @param overlay values for this call that replace those of `create`
   */
  recognize(lines: readonly Image[], overlay: RecognizerOverlay = {}): Promise<RecognizedText[]> {
    const withWords = overlay.return_word_box ?? this.#params.return_word_box;
    return measure('recognize', async () => {
      const cut = lines.map((line) => cutLine(line, this.#maxWidth(line)));
      const pieces = cut.flat().map(({ image }) => image);
      const texts = await this.#recognizeWhole(pieces, withWords);
      let read = 0;
      return cut.map((pieces, i) => {
        const { letters, ...joined } = joinPieces(pieces, texts.slice(read, (read += pieces.length)));
        const line = lines[i];
        return line === undefined || letters === undefined ? joined : { ...joined, words: placeWords(line, letters) };
      });
    });
  }

  /** Pixels of a line that fit into the longest run. */
  #maxWidth({ height }: Image): number {
    const { rec_max_width: width, rec_width_scale: scale, rec_image_shape: shape } = this.#params;
    return Math.floor((width * height) / (parseShape(shape).height * scale));
  }

  async #recognizeWhole(lines: readonly Image[], withLetters: boolean): Promise<ReadLine[]> {
    // The widest first, so that no thread starts a long line when the others have finished.
    const batches = batchesByAspect(lines, this.#params.rec_batch_num).reverse();
    const queue = createBatchQueue({ lines, batches, withLetters });
    const readings = await Promise.allSettled([drain(this.#reader, queue), this.#threads.read(queue)]);
    const texts = new Map(readings.flatMap(valueOf));
    return lines.map((_, line) => required(texts.get(line)));
  }
}

function valueOf<T>(result: PromiseSettledResult<T>): T {
  if (result.status === 'rejected') throw result.reason;
  return result.value;
}

/** Every batch has been read, or reading has failed. A line without a text is a bug, not an empty line. */
function required(text: ReadLine | undefined): ReadLine {
  if (text === undefined) throw new Error('no reader read one of the lines');
  return text;
}

async function specOf(model: ResolvedModel, params: RecognizerParams): Promise<ReaderSpec> {
  const file = dictionaryOf(model, params.rec_char_dict_path);
  const dictionary = await loadDictionary(file);
  await verifyModel(model);
  // Class 0 is CTC's blank; the space follows the dictionary.
  const characters = ['', ...dictionary, ...(params.use_space_char ? [' '] : [])];
  // A known set's own dictionary tells the number of classes: its characters, the blank and the space.
  const isKnown = model.sha256 !== undefined && model.dictionary !== undefined;
  const own = file === model.dictionary || !isKnown ? dictionary : await loadDictionary(model.dictionary);
  const classes = isKnown ? { classes: own.length + 2 } : {};
  return { file: model.file, characters, ...classes, params };
}

function dictionaryOf(model: ResolvedModel, file: string): KnownFile {
  if (file !== '') return { file };
  if (model.dictionary !== undefined) return model.dictionary;
  throw new OcrHubError('model_mismatch', {
    path: model.file,
    problem: 'it has no dictionary; put dict.txt or inference.yml beside it, or set rec_char_dict_path',
  });
}
