import { OcrHubError } from '../errors/error.js';
import type { Image } from '../image/image.js';
import { z } from '../values/check.js';

/**
 * Defines a module. The `index.ts` of a package exports the result as its default export.
 *
 * `initialize` and `predict` correspond to HubServing's `_initialize` and `predict`. Every call of `predict` gets the value
 * that `initialize` returned.
 *
 * @example
 * export default defineModule({
 *   name: 'picture_size',
 *   version: '1.0.0',
 *   summary: 'Returns the width and height of each picture',
 *   entries: { empty: null, nested: false },
 *   predict: ({ images }) => images.map(({ width, height }) => ({ width, height })),
 * });
 */
export function defineModule<Params extends Schema = undefined, Fields extends Schema = undefined, State = undefined>(
  definition: ModuleDefinition<Params, Fields, State>,
): Module {
  return definition;
}

export interface ModuleDefinition<Params extends Schema, Fields extends Schema, State> {
  /** The last part of the module's address, `/predict/<name>`: a letter, then letters, digits, `_` or `-`. */
  readonly name: string;
  /** Semantic version; several versions of a name can be installed side by side. */
  readonly version: string;
  readonly summary?: string;
  readonly author?: string;
  /** Names, ranges and units of the parameters. Without a schema, the module gets every parameter unchecked. */
  readonly schema?: Params;
  /** The values of `params.ts`. They override the schema's defaults, and `init_args` overrides them. */
  readonly params?: Params extends z.ZodObject ? z.input<Params> : Readonly<Record<string, unknown>>;
  /** Fields that a request may carry beside `images` and the parameters marked `perRequest`. */
  readonly fields?: Fields;
  /**
   * Declares that `predict` returns an array with one entry per picture, in the order of the pictures. The pictures of a
   * request may then be processed in several processes, and an unreadable picture gets the entry `empty`. With `nested`,
   * `results` is a list that contains the list of all entries, as in the answers of HubServing's ocr_rec and ocr_cls.
   */
  readonly entries?: EntryShape;
  /** Request fields for the first inference, made before a server is ready. */
  readonly warmUp?: Readonly<Record<string, unknown>>;
  /** Loads models. Called once in each inference process, with `params` overridden by `init_args`. */
  initialize?(initArgs: Values<Params, Readonly<Record<string, unknown>>>): State | Promise<State>;
  /**
   * Answers one request with a value that JSON can represent. `images` are the readable pictures. The other keys are
   * `predict_args` overridden by the request's fields.
   */
  predict(request: PredictRequest<Params, Fields>, state: State): unknown;
}

export type PredictRequest<Params extends Schema, Fields extends Schema> = {
  readonly images: readonly Image[];
} & Partial<Values<Params, unknown>> &
  Values<Fields, unknown>;

type Schema = z.ZodObject | undefined;

type Values<S extends Schema, Otherwise> = S extends z.ZodObject ? z.output<S> : Otherwise;

export interface EntryShape {
  readonly empty: unknown;
  readonly nested: boolean;
}

/** A module without the types of its parameters and its state. */
export interface Module {
  readonly name: string;
  readonly version: string;
  readonly summary?: string;
  readonly author?: string;
  readonly schema?: z.ZodObject | undefined;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly fields?: z.ZodObject | undefined;
  readonly entries?: EntryShape;
  readonly warmUp?: Readonly<Record<string, unknown>>;
  initialize?(initArgs: Readonly<Record<string, unknown>>): unknown;
  predict(request: { readonly images: readonly Image[] } & Record<string, unknown>, state: unknown): unknown;
}

const moduleShape = z.looseObject({
  name: z.string(),
  version: z.string(),
  summary: z.string().optional(),
  author: z.string().optional(),
  schema: z.instanceof(z.ZodObject).optional(),
  params: z.record(z.string(), z.unknown()).optional(),
  fields: z.instanceof(z.ZodObject).optional(),
  entries: z.strictObject({ empty: z.unknown(), nested: z.boolean() }).optional(),
  warmUp: z.record(z.string(), z.unknown()).optional(),
  initialize: z.custom((value) => typeof value === 'function', 'expected a function').optional(),
  predict: z.custom((value) => typeof value === 'function', 'expected a function'),
});

/**
 * Checks the default export of a package.
 *
 * @throws OcrHubError `module_shape`, which names the missing or wrong member
 */
export function toModule(exported: unknown, folder: string): Module {
  if (typeof exported !== 'object' || exported === null) {
    throw new OcrHubError('module_shape', { folder, problem: 'index.ts has no default export made by defineModule' });
  }
  const parsed = moduleShape.safeParse(exported);
  if (parsed.success) return exported as Module;
  const [named] = Object.entries(exported).find(([, value]) => moduleShape.safeParse(value).success) ?? [];
  if (named !== undefined) {
    const problem = `it exports "${named}" by name, and nothing by default; write: export default ${named}`;
    throw new OcrHubError('module_shape', { folder, problem });
  }
  if (!['name', 'version', 'predict'].some((member) => member in exported)) {
    throw new OcrHubError('module_shape', { folder, problem: 'index.ts has no default export made by defineModule' });
  }
  const issue = parsed.error.issues[0];
  throw new OcrHubError('module_shape', {
    folder,
    problem: `${issue?.path.join('.') ?? 'default export'}: ${issue?.message ?? parsed.error.message}`,
  });
}
