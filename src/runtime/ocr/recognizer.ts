import { OcrHubError } from '../errors.js';
import type { Image } from '../image/image.js';
import { engineOptions } from '../inference/engine.js';
import { loadDictionary } from '../models/dictionary.js';
import type { KnownFile } from '../models/locate.js';
import { resolveModel, type ResolvedModel } from '../models/resolve.js';
import { verifyModel } from '../models/verify.js';
import type { RecognizedText } from './ctc.js';
import { batchesByAspect } from './line-input.js';
import { LineReader } from './line-reader.js';
import type { RecognizerParams } from './params.js';
import { ReadingThreads } from './reading-threads.js';
import { readAll, shareOut } from './shared-lines.js';
import { measure } from './stages.js';

/** Anything that reads text lines. */
export interface LineRecognizer {
  recognize(lines: readonly Image[]): Promise<readonly RecognizedText[]>;
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
    const model = resolveModel('rec', params.rec_model_dir);
    const dictionary = await loadDictionary(dictionaryOf(model, params.rec_char_dict_path));
    await verifyModel(model);
    // Class 0 is CTC's blank; the space follows the dictionary.
    const characters = ['', ...dictionary, ...(params.use_space_char ? [' '] : [])];
    const spec = { file: model.file, characters, params };
    const reader = await LineReader.open(spec);
    // This thread reads too.
    const others = params.use_gpu ? 0 : engineOptions().threads - 1;
    return new Recognizer(reader, await ReadingThreads.open(spec, others), params);
  }

  /** One answer a line, in the order of the lines. */
  recognize(lines: readonly Image[]): Promise<RecognizedText[]> {
    return measure('recognise', async () => {
      // The widest first, so that no thread begins with a long one when the others are done.
      const shared = shareOut(lines, batchesByAspect(lines, this.#params.rec_batch_num).reverse());
      const [mine, others] = await Promise.all([readAll(this.#reader, shared), this.#threads.read(shared)]);
      const texts = new Map([...mine, ...others]);
      return lines.map((_, line) => texts.get(line) ?? { text: '', confidence: 0 });
    });
  }
}

function dictionaryOf(model: ResolvedModel, file: string): KnownFile {
  if (file !== '') return { file };
  if (model.dictionary !== undefined) return model.dictionary;
  throw new OcrHubError('model_mismatch', {
    path: model.file,
    problem: 'it has no dictionary; put dict.txt or inference.yml beside it, or set rec_char_dict_path',
  });
}
