import { z } from '../values/check.js';
import { objectSchema } from '../values/json-schema.js';
import { serveSchema } from './serve-values.js';

const { shape: values } = serveSchema;

export const servedModule = z
  .object({
    /** The last part of the address, `/predict/<route>`. */
    route: z.string(),
    name: z.string(),
    version: z.string(),
    /** Whether this very version was asked for; otherwise a restart takes the newest. */
    pinned: z.boolean(),
    /** The author's folder, when that is served instead of what is installed; a restart builds it anew. */
    folder: z.string().optional(),
    /** Content hash of the copy that is served; reinstalling does not change it. */
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
 * Everything a server needs to know, resolved once at the border; nothing further in has defaults of its own. The
 * server after it gets the same, out of its state file: what an earlier version did not know of has its default then.
 */
export const serveOptions = z
  .object({
    modules: z.array(servedModule).readonly(),
    /** The working folder of the start: relative paths in parameters keep the meaning that they have there. */
    startedIn: z.string(),
    port: values.port,
    host: values.host,
    /** Several single-threaded inference processes instead of one that uses all cores for a picture. */
    useMultiprocess: values.use_multiprocess,
    /** Tasks in progress at once, as the guide words it; at most as many inference processes as cores run. */
    workers: z.int().min(1),
    /** Number of inference processes. */
    processes: z.int().min(1),
    /** Threads that one inference process computes with. */
    threads: z.int().min(1),
    /** Requests that may wait before new ones are refused. */
    maxQueue: values.max_queue,
    /** Deadline of a request in seconds. */
    timeout: values.timeout,
    /** Largest request body in bytes. */
    maxBody: values.max_body,
    /** Largest picture in pixels. */
    maxPixels: values.max_pixels,
    /** Resident memory in bytes after which an inference process is replaced. */
    maxMemory: values.max_memory,
    /** Tasks after which an inference process is replaced; 0: never. */
    maxTasks: values.max_tasks,
    /** Seconds that stopping waits for work in progress. */
    grace: values.grace,
    /** File that holds the token which requests must carry. */
    tokenFile: values.token_file,
    httpStatus200: values.http_status_200,
    /** A module that fails to load is left out instead of failing the start. */
    allowPartial: values.allow_partial,
  })
  .readonly();

export type ServeOptions = z.output<typeof serveOptions>;
export type ServedModule = z.output<typeof servedModule>;
