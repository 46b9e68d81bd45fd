import { userPath } from '../../files/user-path.js';
import { OcrHubError } from '../../errors/error.js';
import type { Image } from '../../image/image.js';
import type { Engine } from '../../inference/engine.js';
import { loadDictionary } from '../../models/dictionary.js';
import { warnOfOddEntries } from '../../models/odd-entries.js';
import type { KnownFile } from '../../models/locate.js';
import type { ResolvedModel } from '../../models/resolve.js';
import { verifyModel } from '../../models/verify.js';
import { chooseModel } from '../precision/choose-model.js';
import { checkRecognition } from '../precision/self-check.js';
import { deviceOf } from '../shared-params.js';
import { createBatchQueue, drain } from './batch-queue.js';
import { LineReader, type ReadLine, type ReaderSpec } from './line-reader.js';
import { batchesByAspect } from './line-tensor.js';
import { recognizerParams, type RecognizerParams } from './params.js';
import { ReadingThreads } from './threads.js';

/** One recognition model on all threads: the caller's, and those that help it. */
export class Network {
  readonly #reader: LineReader;
  readonly #threads: ReadingThreads;
  readonly #batchSize: number;

  private constructor(reader: LineReader, threads: ReadingThreads, batchSize: number) {
    this.#reader = reader;
    this.#threads = threads;
    this.#batchSize = batchSize;
  }

  /**
   * Checks and loads the model of `rec_model_dir` and its dictionary.
   *
   * @throws OcrHubError as `Recognizer.create`
   */
  static async open(params: RecognizerParams, engine: Engine): Promise<Network> {
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
      const dictionary = spec.characters.slice(1, params.use_space_char ? -1 : undefined);
      warnOfOddEntries(dictionaryOf(model, params.rec_char_dict_path).file, dictionary);
      // The calling thread reads too.
      const others = deviceOf(params) === 'cuda' ? 0 : engine.threads - 1;
      return new Network(reader, new ReadingThreads(spec, others), params.rec_batch_num);
    } finally {
      // Closed last, because the form that passed its check is usually the one loaded now: it is not loaded twice.
      await Promise.allSettled(candidates.map((candidate) => candidate.close()));
    }
  }

  /** Number of threads that read lines now. */
  get readingThreads(): number {
    return 1 + this.#threads.size;
  }

  /** Waits until all threads read. */
  async ready(): Promise<void> {
    await this.#threads.ready();
  }

  async close(): Promise<void> {
    await Promise.all([this.#reader.close(), this.#threads.close()]);
  }

  /** Reads lines, none wider than the longest run; one answer a line, in their order. */
  async read(lines: readonly Image[], withLetters: boolean): Promise<ReadLine[]> {
    // The widest first, so that no thread starts a long line when the others have finished.
    const batches = batchesByAspect(lines, this.#batchSize).reverse();
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
  if (file !== '') return { file: file.startsWith('~') ? userPath(file) : file };
  if (model.dictionary !== undefined) return model.dictionary;
  throw new OcrHubError('model_mismatch', {
    path: model.file,
    problem: 'it has no dictionary; put dict.txt or inference.yml beside it, or set rec_char_dict_path',
  });
}
