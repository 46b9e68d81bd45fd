import { readFile } from 'node:fs/promises';
import * as api from '../index.js';
import { OcrHubError } from '../errors/error.js';
import { toFileError } from '../files/to-file-error.js';
import type { DocumentOptions } from '../document/document.js';
import { openDocument } from '../document/open.js';
import { setDecodingThreads } from '../image/sharp.js';
import { runWithEngine, type Engine } from '../inference/engine.js';
import { threadsJoined } from '../ocr/recognize/threads.js';
import { collectStages, withOldStageNames } from '../trace/stage-times.js';
import type { Home } from '../config/home.js';
import { availableCores } from '../process/cores.js';
import { LoadedModule } from '../module/loaded-module.js';
import { readWarmUpPicture } from './warm-up-picture.js';
import { toAnswerError, toStartError } from '../module/module-error.js';
import { parseField } from '../values/assignments.js';
import { check } from '../values/check.js';
import { size } from '../values/size.js';
import { checkAssignment, checkRequestFields } from '../options/check-values.js';
import { moduleOfArgument } from '../options/requested-modules.js';

export interface LocalResult {
  readonly file: string;
  /** Time for all pages. */
  readonly ms: number;
  readonly stages: Readonly<Record<string, number>>;
  /** A picture has one page. */
  readonly pages: readonly LocalPage[];
}

export interface LocalPage {
  /** From 1. */
  readonly page: number;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  /** The module's answer for this page; its entry if the module declares `entries`. */
  readonly result: unknown;
}

export interface LocalOptions {
  /** As for `serving start --set`. */
  readonly set: readonly string[];
  /** Fields of every request: `drop_score=0.7`. */
  readonly fields?: readonly string[];
  /** As for `serving start --max_pixels`. */
  readonly maxPixels?: string | undefined;
  /** Run a first inference, so that the times are those of a server. If false, the module gets the user's pictures only. */
  readonly warmUp: boolean;
}

/** A module loaded into this process. The command `run` uses it to try and debug a module without a server. */
export class LocalModule {
  readonly #name: string;
  readonly #service: LoadedModule;
  readonly #engine: Engine;
  readonly #decoding: DocumentOptions;
  readonly #fields: Readonly<Record<string, unknown>>;

  private constructor(
    name: string,
    service: LoadedModule,
    engine: Engine,
    decoding: DocumentOptions,
    fields: Readonly<Record<string, unknown>>,
  ) {
    this.#name = name;
    this.#service = service;
    this.#engine = engine;
    this.#decoding = decoding;
    this.#fields = fields;
  }

  /**
   * @param module an installed name, `name==version`, or a folder
   * @throws OcrHubError of `moduleOfArgument`, `module_start_failed`, `module_values_refused`, and `value_invalid` of
   *   `maxPixels`
   */
  static async open(
    home: Home,
    module: string,
    { set, fields = [], maxPixels, warmUp }: LocalOptions,
  ): Promise<LocalModule> {
    const limit = maxPixels === undefined ? {} : { maxPixels: check(size, maxPixels, '--max_pixels') };
    const assignments = fields.map(parseField);
    const served = await moduleOfArgument(home, module, set);
    for (const assignment of assignments) checkAssignment(served.fields, assignment, { noun: 'field' });
    const values = Object.fromEntries(assignments.map(({ name, value }) => [name, value]));
    checkRequestFields(served, values);
    const engine: Engine = { home, threads: availableCores() };
    setDecodingThreads(engine.threads);
    try {
      const service = await runWithEngine(engine, () => settled(LoadedModule.load(served, api)));
      if (warmUp) await runWithEngine(engine, async () => settled(service.warmUp(await readWarmUpPicture())));
      // Waits for the reading threads, so that the first picture takes as long as later ones.
      await threadsJoined();
      return new LocalModule(served.name, service, engine, limit, values);
    } catch (error) {
      throw toStartError(error, served.name);
    }
  }

  /**
   * Reads a picture, or all pages of a TIFF file, one at a time.
   *
   * @throws OcrHubError `file_not_found`, `file_unreadable`, `image_unreadable`, `image_too_large`, `value_invalid`,
   *   `module_threw` with the author's own lines, `module_never_answered`, `module_answer_invalid`
   */
  async predict(file: string): Promise<LocalResult> {
    const bytes = await readFile(file).catch((error: unknown) => {
      throw toFileError(file, error);
    });
    const args = this.#service.checkFields(this.#fields);
    const start = performance.now();
    const { result: pages, stages } = await runWithEngine(this.#engine, () =>
      collectStages(() => this.#readPages(bytes, args)),
    ).catch((error: unknown) => {
      throw toAnswerError(error, this.#name);
    });
    const times = { ms: performance.now() - start, stages: withOldStageNames(stages) };
    return { file, ...times, pages };
  }

  async #readPages(bytes: Uint8Array, args: Record<string, unknown>): Promise<LocalPage[]> {
    const pages: LocalPage[] = [];
    const document = await openDocument(bytes, this.#decoding);
    try {
      for await (const { number, image } of document.pages()) {
        const [json = 'null'] = await settled(this.#service.answer([image], args));
        const result: unknown = JSON.parse(json);
        pages.push({ page: number, width: image.width, height: image.height, result });
      }
    } finally {
      document.close();
    }
    return pages;
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
