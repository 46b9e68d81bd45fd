import { OcrHubError } from '../../errors/error.js';
import type { Image } from '../../image/image.js';
import { measure } from '../../trace/stage-times.js';
import { resolveCreateOptions, type CreateOptions } from '../create-options.js';
import { parseShape } from '../image-shape.js';
import type { RecognizedText } from './ctc.js';
import { cutLine, joinPieces } from './long-line.js';
import { Network } from './network.js';
import { recognizerParams, type RecognizerOverlay, type RecognizerParams } from './params.js';
import { placeWords } from './words.js';

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
  /** By the names in `rec_model_dir` and `rec_models`. */
  readonly #networks: ReadonlyMap<string, Network>;
  readonly #params: RecognizerParams;
  #disposed = false;

  private constructor(networks: ReadonlyMap<string, Network>, params: RecognizerParams) {
    this.#networks = networks;
    this.#params = params;
  }

  /**
   * Checks and loads the model of `rec_model_dir`, those of `rec_models`, and their dictionaries.
   *
   * @throws OcrHubError `key_unknown`, `value_invalid`, `model_unknown`, `model_missing`, `model_corrupt`,
   *   `gpu_unavailable`, and `model_mismatch` when the dictionary does not have a character per class of the model
   */
  static async create(options: RecognizerOptions = {}): Promise<Recognizer> {
    const { params, engine } = resolveCreateOptions(recognizerParams, options, 'Recognizer.create');
    const networks = new Map<string, Network>();
    try {
      networks.set(params.rec_model_dir, await Network.open(params, engine));
      for (const name of params.rec_models) {
        if (networks.has(name)) continue;
        // The dictionary of rec_char_dict_path is that of rec_model_dir.
        const own = { ...params, rec_model_dir: name, rec_char_dict_path: '' };
        networks.set(name, await Network.open(own, engine));
      }
      networkOf(networks, params.rec_model === '' ? params.rec_model_dir : params.rec_model);
      return new Recognizer(networks, params);
    } catch (error) {
      await Promise.allSettled([...networks.values()].map((network) => network.close()));
      throw error;
    }
  }

  get lineHeight(): number {
    return parseShape(this.#params.rec_image_shape).height;
  }

  /** Number of threads that read lines now. See `ready`. */
  get readingThreads(): number {
    return Math.min(...[...this.#networks.values()].map((network) => network.readingThreads));
  }

  /** Waits until all threads read. `create` does not: until a thread has loaded the network, the others read its lines. */
  async ready(): Promise<void> {
    await Promise.all([...this.#networks.values()].map((network) => network.ready()));
  }

  /** Gives the networks' memory back, unless another recognizer uses them. The recognizer cannot be used any more. */
  async dispose(): Promise<void> {
    if (this.#disposed) return;
    this.#disposed = true;
    await Promise.all([...this.#networks.values()].map((network) => network.close()));
  }

  /**
   * Answers one text per line, in the order of the lines.
   *
   * @param overlay values for this call that replace those of `create`
   * @throws OcrHubError `value_invalid` if `rec_model` was not loaded
   */
  recognize(lines: readonly Image[], overlay: RecognizerOverlay = {}): Promise<RecognizedText[]> {
    const withWords = overlay.return_word_box ?? this.#params.return_word_box;
    const model = overlay.rec_model ?? this.#params.rec_model;
    return measure('recognize', async () => {
      const cut = lines.map((line) => cutLine(line, this.#maxWidth(line)));
      const pieces = cut.flat().map(({ image }) => image);
      const network = networkOf(this.#networks, model === '' ? this.#params.rec_model_dir : model);
      const texts = await network.read(pieces, withWords);
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
}

function networkOf(networks: ReadonlyMap<string, Network>, name: string): Network {
  const network = networks.get(name);
  if (network !== undefined) return network;
  const problem = `not a loaded recognizer; loaded: ${[...networks.keys()].join(', ')} (rec_model_dir and rec_models)`;
  throw new OcrHubError('value_invalid', { subject: 'rec_model', key: '', value: name, problem });
}
