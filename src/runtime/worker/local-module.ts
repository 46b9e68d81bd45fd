import * as api from '../index.js';
import type { Home } from '../config/home.js';
import type { FormatName, WrittenFile } from '../document/formats/formats.js';
import { openDocument } from '../document/open.js';
import { selectPages } from '../document/page-selection.js';
import { OcrHubError } from '../errors/error.js';
import { defaultMaxPixels } from '../image/max-pixels.js';
import { setDecodingThreads } from '../image/sharp.js';
import { runWithEngine, type Engine } from '../inference/engine.js';
import { LoadedModule } from '../module/loaded-module.js';
import { toAnswerError, toStartError } from '../module/module-error.js';
import { threadsJoined } from '../ocr/recognize/threads.js';
import { checkAssignment, checkRequestFields } from '../options/check-values.js';
import { moduleOfArgument } from '../options/requested-modules.js';
import { availableCores } from '../process/cores.js';
import { checkMemory, warnOfLittleMemory } from '../process/memory-need.js';
import { stockFolderOf } from '../registry/package-folder.js';
import type { AnsweredPage } from '../service/contract.js';
import { withWordBoxes, type OutputOptions, type ReadingOptions } from '../service/reading.js';
import { collectStages, withOldStageNames } from '../trace/stage-times.js';
import { parseField } from '../values/assignments.js';
import { check } from '../values/check.js';
import { size } from '../values/size.js';
import { compose } from './compose.js';
import { answerPage, documentOptions, type PageLimits } from './read-page.js';
import { readWarmUpPicture } from './warm-up-picture.js';

/** What a module answered for a file. */
export interface LocalAnswer {
  /** Time for all pages. */
  readonly ms: number;
  readonly stages: Readonly<Record<string, number>>;
  /** A picture has one page. */
  readonly pages: readonly AnsweredPage[];
}

export interface LocalOptions {
  /** As for `serving start --set`. */
  readonly set: readonly string[];
  /** Fields of every request: `drop_score=0.7`. */
  readonly fields?: readonly string[];
  /** How documents are read. */
  readonly reading?: ReadingOptions;
  /** The format that answers will be written in, which may need the places of words. */
  readonly format?: FormatName | undefined;
  /** As for `serving start --max_pixels`. */
  readonly maxPixels?: string | undefined;
  /** Maximum pages of a file. Default: no maximum. */
  readonly maxPages?: number | undefined;
  /** Run a first inference, so that the times are those of a server. If false, the module gets the user's pictures only. */
  readonly warmUp: boolean;
  /** Gets what the user should know: memory may be too small. */
  readonly onWarning?: (text: string) => void;
}

/** What differs from file to file. */
export interface LocalRequest {
  readonly fields?: Readonly<Record<string, unknown>>;
  readonly reading?: ReadingOptions;
}

/** A module loaded into this process. The command `run` uses it to try and debug a module without a server. */
export class LocalModule {
  readonly #name: string;
  readonly #service: LoadedModule;
  readonly #engine: Engine;
  readonly #reading: ReadingOptions;
  readonly #limits: PageLimits;
  readonly #fields: Readonly<Record<string, unknown>>;

  private constructor(
    name: string,
    service: LoadedModule,
    engine: Engine,
    {
      reading,
      limits,
      fields,
    }: {
      readonly reading: ReadingOptions;
      readonly limits: PageLimits;
      readonly fields: Readonly<Record<string, unknown>>;
    },
  ) {
    this.#name = name;
    this.#service = service;
    this.#engine = engine;
    this.#reading = reading;
    this.#limits = limits;
    this.#fields = fields;
  }

  /**
   * @param module an installed name, `name==version`, or a folder; undefined: the stock module ocr_system, which needs not be
   *   installed
   * @throws OcrHubError of `moduleOfArgument`, `memory_too_small`, `module_start_failed`, `module_values_refused`, and `value_invalid` of
   *   `maxPixels`
   */
  static async open(
    home: Home,
    module: string | undefined,
    { set, fields: given = [], reading = {}, format, maxPixels, maxPages = Infinity, warmUp, onWarning }: LocalOptions,
  ): Promise<LocalModule> {
    const limits = {
      maxPixels: maxPixels === undefined ? defaultMaxPixels : check(size, maxPixels, '--max_pixels'),
      maxPages,
    };
    const assignments = given.map(parseField);
    const served = await moduleOfArgument(home, module ?? stockFolderOf('ocr_system'), set);
    for (const assignment of assignments) checkAssignment(served.fields, assignment, { noun: 'field' });
    const values = Object.fromEntries(assignments.map(({ name, value }) => [name, value]));
    const fields = withWordBoxes(values, format, served.fields);
    checkRequestFields(served, fields);
    const engine: Engine = { home, threads: availableCores() };
    setDecodingThreads(engine.threads);
    // Before the models: the kernel may kill this process while they load.
    const little = warnOfLittleMemory();
    if (little !== undefined) onWarning?.(little);
    try {
      const service = await runWithEngine(engine, () => settled(LoadedModule.load(served, api)));
      if (warmUp) await runWithEngine(engine, async () => settled(service.warmUp(await readWarmUpPicture())));
      // Waits for the reading threads, so that the first picture takes as long as later ones.
      await threadsJoined();
      const warning = checkMemory({ processes: [], others: [process.pid] });
      if (warning !== undefined && little === undefined) onWarning?.(warning);
      return new LocalModule(served.name, service, engine, { reading, limits, fields });
    } catch (error) {
      if (OcrHubError.is(error) && error.code === 'memory_too_small') throw error;
      throw toStartError(error, served.name);
    }
  }

  /**
   * Reads the pages of a file, one at a time.
   *
   * @param onPage called before each page with its place among the pages that are read, from 0
   * @param request in place of the fields and the reading options that the module was opened with
   * @throws OcrHubError `image_unreadable`, `image_too_large`, `pages_too_many`, `page_missing`, those of an encrypted PDF
   *   file, `value_invalid`, `module_threw` with the author's own lines, `module_never_answered`, `module_answer_invalid`
   */
  async read(
    bytes: Uint8Array,
    onPage: (done: number, total: number) => void = () => undefined,
    { fields = this.#fields, reading = this.#reading }: LocalRequest = {},
  ): Promise<LocalAnswer> {
    const args = this.#service.checkFields(fields);
    const start = performance.now();
    const { result: pages, stages } = await runWithEngine(this.#engine, () =>
      collectStages(() => this.#readPages(bytes, args, { reading, onPage })),
    ).catch((error: unknown) => {
      throw toAnswerError(error, this.#name);
    });
    return { ms: performance.now() - start, stages: withOldStageNames(stages), pages };
  }

  /**
   * Writes what was read of a file in a format.
   *
   * @throws OcrHubError `format_without_lines`
   */
  write(output: OutputOptions, name: string, bytes: Uint8Array, pages: readonly AnsweredPage[]): Promise<WrittenFile> {
    const { password } = this.#reading;
    return compose(this.#name, output, [{ name, bytes, password, pages }], this.#limits.maxPixels);
  }

  async #readPages(
    bytes: Uint8Array,
    args: Record<string, unknown>,
    { reading, onPage }: { reading: ReadingOptions; onPage: (done: number, total: number) => void },
  ): Promise<AnsweredPage[]> {
    const document = await openDocument(bytes, documentOptions(this.#service, reading, this.#limits));
    try {
      const numbers = selectPages(document, reading.pages, this.#limits.maxPages);
      const pages: AnsweredPage[] = [];
      for (const number of numbers) {
        onPage(pages.length, numbers.length);
        const { size, entry } = await settled(answerPage(this.#service, args, document, number, reading));
        pages.push({ ...size, entry });
      }
      return pages;
    } finally {
      document.close();
    }
  }
}

/** Node exits silently when only an unsettled promise is left; this rejects instead. */
async function settled<T>(work: Promise<T>): Promise<T> {
  let giveUp: () => void = () => undefined;
  const never = new Promise<never>((_, reject) => {
    giveUp = () => reject(new OcrHubError('module_never_answered', {}));
  });
  process.once('beforeExit', giveUp);
  try {
    return await Promise.race([work, never]);
  } finally {
    process.off('beforeExit', giveUp);
  }
}
