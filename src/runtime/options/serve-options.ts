import { z } from '../values/check.js';
import { objectSchema } from '../values/json-schema.js';
import { optionShape } from './option-table.js';

export const servedModule = z
  .object({
    /** The last part of the address, `/predict/<route>`. */
    route: z.string(),
    name: z.string(),
    version: z.string(),
    /**
     * Whether the user named this version, as in `-m NAME==VERSION`. If so, a restart serves the same version; if not, the
     * newest installed one. State files have this key.
     */
    pinned: z.boolean(),
    /** The author's folder, if the module is served from it instead of the registry. A restart compiles it again. */
    folder: z.string().optional(),
    /** Content hash of the served copy. Reinstalling the module does not change it. */
    hash: z.string(),
    /** Folder of that copy. */
    path: z.string(),
    /** The author's folder from which that copy was made. Older state files lack it. */
    source: z.string().optional(),
    summary: z.string(),
    /** The fields that a request may carry beside its pictures, as declared when the server started. */
    fields: objectSchema,
    initArgs: z.record(z.string(), z.unknown()).readonly(),
    predictArgs: z.record(z.string(), z.unknown()).readonly(),
  })
  .readonly();

/**
 * The resolved options of a server. All defaults are filled in. The state file keeps them for a restart; an option that
 * the file does not have, because an older version wrote it, gets its default.
 */
export const serveOptions = z
  .object({
    modules: z.array(servedModule).readonly(),
    /** The working directory of `serving start`. Relative paths in parameters are relative to it. */
    startedIn: z.string(),
    ...z.object(optionShape).omit({ useGpu: true }).shape,
    /** Maximum concurrent tasks. At most one inference process runs per core. */
    workers: z.int().min(1),
    /** Number of inference processes. */
    processes: z.int().min(1),
    /** Threads of each inference process. */
    threads: z.int().min(1),
  })
  .readonly();

export type ServeOptions = z.output<typeof serveOptions>;
export type ServedModule = z.output<typeof servedModule>;

/** Whether the server has a page at `/ui/`. The page sends its requests to `/predict`. */
export function servesPage({ noUi, protocols }: Pick<ServeOptions, 'noUi' | 'protocols'>): boolean {
  return !noUi && protocols.includes('hubserving');
}
