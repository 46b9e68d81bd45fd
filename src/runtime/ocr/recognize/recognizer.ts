import { OcrHubError } from '../../errors/error.js';
import type { Image } from '../../image/image.js';
import { engineOptions } from '../../inference/engine.js';
import { loadDictionary } from '../../models/dictionary.js';
import type { KnownFile } from '../../models/locate.js';
import type { ResolvedModel } from '../../models/resolve.js';
import { verifyModel } from '../../models/verify.js';
import type { RecognizedText } from './ctc.js';
import { batchesByAspect, parseShape } from './line-tensor.js';
import { LineReader, type ReadLine, type ReaderSpec } from './line-reader.js';
import { cutLine, joinPieces } from './long-line.js';
import { recognizerParams, type RecognizerOverlay, type RecognizerParams } from '../params.js';
import { chooseModel } from '../precision/choose-model.js';
import { ReadingThreads } from './threads.js';
import { checkRecognition } from '../precision/self-check.js';
import { readAll, shareOut } from './batch-queue.js';
import { placeWords } from './words.js';
import { measure } from '../../trace/stage-times.js';

/** Anything that reads text lines: one answer a line, in the order of the lines. */
export interface LineRecognizer {
  /** @param overlay `return_word_box`: whether the answers should have `words`; a recognizer may leave them out. */
  recognize(lines: readonly Image[], overlay?: RecognizerOverlay): Promise<readonly RecognizedText[]>;
}

/**
 * Reads text lines with a CTC network: TextRecognizer of PaddleOCR (tools/infer/predict_rec.py). Where the engine has
 * several threads, each reads other lines; what is read does not depend on their number.
 */
export class Recognizer implements LineRecognizer {
  readonly #reader: LineReader;
  readonly #threads: ReadingThreads;
  readonly #params: RecognizerParams;

  private constructor(reader: LineReader, threads: ReadingThreads, params: RecognizerParams) {
    this.#reader = reader;
    this.#threads = threads;
    this.#params = params;
  }

  /**
   * Checks and loads the model and its dictionary.
   *
   * @throws OcrHubError `model_unknown`, `model_missing`, `model_corrupt`, `gpu_unavailable`, and `model_mismatch` when
   *   the dictionary has another number of characters than the model classes.
   */
  static async create(params: RecognizerParams): Promise<Recognizer> {
    const candidates: LineReader[] = [];
    try {
      const model = await chooseModel('rec', params.rec_model_dir, params, async (form) => {
        const usual = recognizerParams.parse({ rec_model_dir: params.rec_model_dir });
        const candidate = await LineReader.open(await specOf(form, usual));
        candidates.push(candidate);
        return checkRecognition((lines) =>
          Promise.all(lines.map((line) => candidate.read([line]))).then((texts) => texts.flat()),
        );
      });
      const spec = await specOf(model, params);
      const reader = await LineReader.open(spec);
      // This thread reads too.
      const others = params.use_gpu ? 0 : engineOptions().threads - 1;
      return new Recognizer(reader, new ReadingThreads(spec, others), params);
    } finally {
      // Not earlier: the form that passed its check is mostly the one that is loaded now, and need not load twice.
      await Promise.allSettled(candidates.map((candidate) => candidate.close()));
    }
  }

  /**
   * One answer a line, in the order of the lines.
   *
   * @param overlay values for this call that replace those of `create`
   */
  recognize(lines: readonly Image[], overlay: RecognizerOverlay = {}): Promise<RecognizedText[]> {
    const withWords = overlay.return_word_box ?? this.#params.return_word_box;
    return measure('recognise', async () => {
      const cut = lines.map((line) => cutLine(line, this.#widest(line)));
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
  #widest({ height }: Image): number {
    const { rec_max_width: width, rec_width_scale: scale, rec_image_shape: shape } = this.#params;
    return Math.floor((width * height) / (parseShape(shape).height * scale));
  }

  async #recognizeWhole(lines: readonly Image[], withLetters: boolean): Promise<ReadLine[]> {
    // The widest first, so that no thread begins with a long one when the others are done.
    const batches = batchesByAspect(lines, this.#params.rec_batch_num).reverse();
    const shared = shareOut({ lines, batches, withLetters });
    const readings = await Promise.allSettled([readAll(this.#reader, shared), this.#threads.read(shared)]);
    const texts = new Map(readings.flatMap(valueOf));
    return lines.map((_, line) => required(texts.get(line)));
  }
}

function valueOf<T>(result: PromiseSettledResult<T>): T {
  if (result.status === 'rejected') throw result.reason;
  return result.value;
}

/** Every batch has been read, or reading has failed: a line without a text is a bug, not an empty line. */
function required(text: ReadLine | undefined): ReadLine {
  if (text === undefined) throw new Error('a line was given to no reader');
  return text;
}

async function specOf(model: ResolvedModel, params: RecognizerParams): Promise<ReaderSpec> {
  const file = dictionaryOf(model, params.rec_char_dict_path);
  const dictionary = await loadDictionary(file);
  await verifyModel(model);
  // Class 0 is CTC's blank; the space follows the dictionary.
  const characters = ['', ...dictionary, ...(params.use_space_char ? [' '] : [])];
  // Of a known set its own dictionary says how many classes there are, the blank and the space among them.
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
