import type { Home } from '../config/home.js';
import { moduleOfArgument } from '../options/requested-modules.js';
import { stockFolderOf } from '../registry/package-folder.js';
import { splitFields } from '../service/reading.js';
import { OcrHubError } from '../errors/error.js';
import type { LocalModule, LocalOptions } from '../worker/local-module.js';
import type { NamedFile, Reader, ReadRequest } from './reader.js';

export interface LocalReaderOptions extends Pick<LocalOptions, 'set' | 'maxPixels' | 'maxPages'> {
  readonly home: Home;
  /** As for `ocrhub run`; undefined: the stock module ocr_system. */
  readonly module: string | undefined;
}

/** Reads in this process, one file after another. The engine is loaded with the first file and kept. */
export class LocalReader implements Reader {
  readonly #options: LocalReaderOptions;
  #module: Promise<LocalModule> | undefined;
  /** Ends when the files before have been read. */
  #before: Promise<unknown> = Promise.resolve();

  constructor(options: LocalReaderOptions) {
    this.#options = options;
  }

  read(file: NamedFile, request: ReadRequest): Promise<string> {
    const reading = this.#before.then(() => this.#readNext(file, request));
    this.#before = reading.catch(() => undefined);
    return reading;
  }

  async modules(): Promise<object> {
    const { home, module, set } = this.#options;
    const { name, version, summary, fields } = await moduleOfArgument(home, module ?? stockFolderOf('ocr_system'), set);
    return { modules: [{ name, version, summary, parameters: fields.properties }] };
  }

  async #readNext({ name, bytes }: NamedFile, request: ReadRequest): Promise<string> {
    const { format, pages, password, signal, onPage } = request;
    signal.throwIfAborted();
    const { fields, reading } = splitFields({ ...request.fields, pages, password }, [], 'Call of the tool ocr');
    const module = await this.#opened();
    const onEach = (done: number, total: number): void => {
      signal.throwIfAborted();
      onPage(done, total);
    };
    const answer = await module.read(bytes, onEach, { fields, reading });
    signal.throwIfAborted();
    const written = await module.write({ format, paragraphs: false }, name, bytes, answer.pages);
    return Buffer.from(written.bytes).toString();
  }

  /** After an error, the next file tries again, unless the models are in memory and leave too little of it. */
  #opened(): Promise<LocalModule> {
    const { home, module, ...options } = this.#options;
    this.#module ??= import('../worker/local-module.js')
      .then(({ LocalModule: Opened }) => Opened.open(home, module, { ...options, warmUp: false }))
      .catch((error: unknown) => {
        if (OcrHubError.of(error).code !== 'memory_too_small') this.#module = undefined;
        throw error;
      });
    return this.#module;
  }
}
