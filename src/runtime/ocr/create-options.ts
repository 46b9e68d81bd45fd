import { engineOf, isHosted, type Engine, type EngineOptions } from '../inference/engine.js';
import { check, z } from '../values/check.js';
import { systemParams } from './params.js';
import { withPreset } from './presets.js';

/** What `create` takes: any of the parameters, and the engine's options. Parameters left out get their defaults. */
export type CreateOptions<Schema extends z.ZodObject> = Readonly<z.input<Schema>> & EngineOptions;

/**
 * Applies the preset and the defaults to what the caller of `create` gave. A stage ignores the parameters of the other
 * stages, so that the parameters of the whole pipeline can be given to each of them. In a hosted module it also ignores
 * names it does not know: the module's own schema, which may extend these parameters, has already checked them.
 *
 * @param caller opens the message of an error: `Detector.create`
 * @throws OcrHubError `key_unknown`, `value_invalid`
 */
export function resolveCreateOptions<Schema extends z.ZodObject>(
  schema: Schema,
  options: object,
  caller: string,
): { params: z.output<Schema>; engine: Engine } {
  const { threads, home, ...given }: Readonly<Record<string, unknown>> = { ...options };
  const ignored = (name: string): boolean => isHosted() || name in systemParams.shape;
  const own = Object.entries(given).filter(([name]) => name in schema.shape || !ignored(name));
  const values = withPreset(schema, {}, Object.fromEntries(own));
  // All names in one schema, so that the message about an unknown name knows the engine's options too.
  check(z.strictObject({ ...schema.shape, ...engineShape }), { ...values, threads, home }, caller);
  return {
    params: check(schema, values, caller),
    engine: engineOf(check(z.object(engineShape), { threads, home }, caller)),
  };
}

const engineShape = {
  threads: z.int().min(1).max(256).optional(),
  home: z.string().min(1).optional(),
};
