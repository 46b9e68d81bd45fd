import { z } from '../values/check.js';
import { objectSchema } from '../values/json-schema.js';
import { optionShape } from './option-table.js';

export const servedModule = z
  .object({
    /** The last part of the address, `/predict/<route>`. */
    route: z.string(),
    name: z.string(),
    version: z.string(),
    /** Whether this version was asked for. Otherwise a restart takes the newest. */
    pinned: z.boolean(),
    /** The author's folder, if the module is served from there and not from the registry. A restart compiles it again. */
    folder: z.string().optional(),
    /** Content hash of the served copy. Reinstalling the module does not change it. */
    hash: z.string(),
    /** Folder of that copy. */
    path: z.string(),
    summary: z.string(),
    /** The fields that a request may carry beside its pictures, as they were declared at the start. */
    fields: objectSchema,
    initArgs: z.record(z.string(), z.unknown()).readonly(),
    predictArgs: z.record(z.string(), z.unknown()).readonly(),
  })
  .readonly();

/**
 * The options of a server, resolved once: nothing below has defaults of its own. The state file keeps them for the next
 * server on the port; an option that the server before it did not know gets its default.
 */
export const serveOptions = z
  .object({
    modules: z.array(servedModule).readonly(),
    /** The working folder of the start. Relative paths in parameters are relative to it. */
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
