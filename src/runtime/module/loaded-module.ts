import { statSync } from 'node:fs';
import path from 'node:path';
import { inspect } from 'node:util';
import { OcrHubError } from '../errors/error.js';
import type { Image } from '../image/image.js';
import { kindOf, toAnswerJson } from './answer-json.js';
import { withAuthorsPaths } from './authors-paths.js';
import type { EntryShape, Module } from './define.js';
import { bundleName, loadModule } from './load.js';
import { fieldNaming, parameterNaming } from './parameter-naming.js';
import type { Api } from './ocrhub-bridge.js';
import { perRequestParams } from '../ocr/params.js';
import { presetOf, withPreset, type PresetName } from '../ocr/presets.js';
import { check, z } from '../values/check.js';

/** An installed copy, its served name, and the values to start it with. */
export interface ModuleToLoad {
  readonly route: string;
  readonly name: string;
  /** Folder of the copy. */
  readonly path: string;
  /** The author's folder, if it is served instead of an installed module. */
  readonly folder?: string | undefined;
  /** The author's folder from which the copy was made. */
  readonly source?: string | undefined;
  readonly initArgs: Readonly<Record<string, unknown>>;
  readonly predictArgs: Readonly<Record<string, unknown>>;
}

/** A module whose `initialize` has returned. */
export class LoadedModule {
  readonly entries: { readonly nested: boolean } | null;
  /** The name of the preset in use; null for a module without presets. */
  readonly setting: PresetName | null;
  readonly #served: ModuleToLoad;
  readonly #module: Module;
  readonly #state: unknown;
  readonly #fields: z.ZodType<Record<string, unknown>>;

  private constructor(served: ModuleToLoad, module: Module, setting: PresetName | null, state: unknown) {
    this.#served = served;
    this.#module = module;
    this.setting = setting;
    this.#state = state;
    this.#fields = requestFields(module);
    this.entries = module.entries === undefined ? null : { nested: module.entries.nested };
  }

  /**
   * Imports the installed copy and initializes it.
   *
   * @throws OcrHubError `module_copy_removed`, `key_unknown`, `value_invalid` for init_args and predict_args, and any error that the module throws
   */
  static async load(served: ModuleToLoad, api: Api): Promise<LoadedModule> {
    requireCopy(served.path);
    const module = await inAuthorsWords(served, () => loadModule(served.path, api));
    const initArgs = resolveInitArgs(module, served);
    // Without this check, a wrong value of predict_args would first be reported by a request.
    check(
      requestFields(module).partial(),
      served.predictArgs,
      `predict_args of ${served.name}`,
      parameterNaming(served),
    );
    const setting = module.schema === undefined ? null : presetOf(initArgs);
    const state = await inAuthorsWords(served, () => module.initialize?.(initArgs));
    return new LoadedModule(served, module, setting, state);
  }

  /** Runs the first inference, which takes longer than later ones. */
  async warmUp(picture: Image): Promise<void> {
    await this.answer([picture], this.checkFields({ ...this.#module.warmUp }));
  }

  /** Returns `predict_args` overridden by the request's fields, checked against the module's declarations. */
  checkFields(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
    const { route, predictArgs } = this.#served;
    return check(this.#fields, { ...predictArgs, ...fields }, `Request to ${route}`, fieldNaming);
  }

  /**
   * Answers one request with JSON texts: one per picture for a module with entries, otherwise one for all. An unreadable
   * picture is null in `images`.
   */
  async answer(images: readonly (Image | null)[], fields: Record<string, unknown>): Promise<string[]> {
    const readable = images.filter((image) => image !== null);
    const { entries } = this.#module;
    if (entries === undefined) {
      return readable.length < images.length ? [] : [this.#toJson(await this.#predict(readable, fields), 'results')];
    }
    const answered =
      readable.length === 0 ? [] : this.#checkEntries(await this.#predict(readable, fields), readable.length);
    return placeEntries(images, answered, entries).map((entry, i) => this.#toJson(entry, `results[${i}]`));
  }

  #predict(images: readonly Image[], fields: Record<string, unknown>): Promise<unknown> {
    return inAuthorsWords(this.#served, () => this.#module.predict({ ...fields, images }, this.#state));
  }

  #checkEntries(answer: unknown, expected: number): unknown[] {
    if (Array.isArray(answer) && answer.length === expected) return answer;
    const got = Array.isArray(answer) ? `${answer.length} entries` : kindOf(answer);
    throw new OcrHubError('module_answer_invalid', {
      module: this.#served.name,
      problem: `predict must return one entry per picture: ${got} for ${expected} pictures`,
    });
  }

  #toJson(value: unknown, place: string): string {
    try {
      return toAnswerJson(value, place);
    } catch (error) {
      const problem = error instanceof Error ? error.message : inspect(error);
      throw new OcrHubError('module_answer_invalid', { module: this.#served.name, problem }, { cause: error });
    }
  }
}

/** The copy may be removed while a server uses it, and is needed again for its next inference process. */
function requireCopy(copy: string): void {
  if (statSync(path.join(copy, bundleName), { throwIfNoEntry: false }) !== undefined) return;
  throw new OcrHubError('module_copy_removed', { copy });
}

/** Runs code of a module. Turns an error that it throws synchronously into a rejection; errors name the author's files. */
async function inAuthorsWords<T>({ path: copy, source }: ModuleToLoad, run: () => T): Promise<Awaited<T>> {
  try {
    return await run();
  } catch (error) {
    throw source === undefined ? error : withAuthorsPaths(error, { copy, source });
  }
}

/**
 * Returns the values of `params.ts`, overridden by the preset and by `init_args`, and checked. `version` and `use_gpu` are
 * legal keys of init_args for every module.
 */
function resolveInitArgs(module: Module, served: ModuleToLoad): Record<string, unknown> {
  const initArgs: Record<string, unknown> = { ...served.initArgs };
  delete initArgs['version'];
  if (module.schema === undefined) return { ...module.params, ...initArgs };
  if (!('use_gpu' in module.schema.shape)) {
    if (initArgs['use_gpu'] === true) {
      if (!takesCuda(module.schema)) {
        throw new OcrHubError('gpu_unavailable', { reason: `${served.name} cannot use a GPU` });
      }
      initArgs['device'] = 'cuda';
    }
    delete initArgs['use_gpu'];
  }
  return check(
    module.schema.strict(),
    withPreset(module.schema, module.params ?? {}, initArgs),
    `init_args of ${served.name}`,
    parameterNaming(served),
  );
}

function takesCuda({ shape }: z.ZodObject): boolean {
  const device = (shape as Readonly<Record<string, z.ZodType>>)['device'];
  return device?.safeParse('cuda').success === true;
}

/** The schema of the parameters marked `perRequest` and of the module's own fields. */
function requestFields({ schema, fields }: Module): z.ZodObject {
  const params = schema === undefined ? {} : perRequestParams(schema).shape;
  return z.strictObject({ ...params, ...fields?.shape });
}

function placeEntries(
  images: readonly (Image | null)[],
  answered: readonly unknown[],
  { empty }: EntryShape,
): unknown[] {
  let next = 0;
  return images.map((image) => (image === null ? empty : answered[next++]));
}
