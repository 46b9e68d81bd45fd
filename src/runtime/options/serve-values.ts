import { defaultMaxPixels } from '../image/max-pixels.js';
import { z } from '../values/check.js';
import { bodySize, size } from '../values/size.js';

/** What holds for a server of which nobody said otherwise; sizes as people write them. */
export const serveDefaults = Object.freeze({
  port: 8866,
  host: '127.0.0.1',
  use_multiprocess: false,
  use_gpu: false,
  max_queue: 64,
  timeout: 60,
  max_body: '64MiB',
  max_pixels: `${defaultMaxPixels / 1e6}MP`,
  max_memory: '1.5GiB',
  max_tasks: 0,
  grace: 30,
  http_status_200: false,
  allow_partial: false,
});

const defaultOf = (name: keyof typeof serveDefaults): string => `Default: ${serveDefaults[name]}`;

/** The options of a server that are the same as a flag of `serving start` and as a key of a config file. */
export const serveValues = {
  port: z
    .int()
    .min(1)
    .max(65535)
    .describe(`Port to listen on. ${defaultOf('port')}.`),
  use_multiprocess: z
    .boolean()
    .describe(
      `Several single-threaded inference processes instead of one that uses all cores. ${defaultOf('use_multiprocess')}.`,
    ),
  workers: z
    .int()
    .min(1)
    .max(1024)
    .describe('Tasks in progress at once with use_multiprocess; at most one process a core. Default: 2 x cores - 1.'),
  use_gpu: z.boolean().describe(`Speaks for all modules; needs CUDA_VISIBLE_DEVICES. ${defaultOf('use_gpu')}.`),
  host: z
    .string()
    .min(1)
    .describe(`Address to listen on. ${defaultOf('host')}, this machine alone.`),
  max_queue: z
    .int()
    .min(0)
    .max(100_000)
    .describe(`Requests that may wait; more get 429. ${defaultOf('max_queue')}.`),
  timeout: z
    .number()
    .positive()
    .max(86_400)
    .describe(`Seconds a request may take; then it gets 504. ${defaultOf('timeout')}.`),
  max_body: bodySize.describe(`Largest request body, for example 64MiB, at most 511MiB. ${defaultOf('max_body')}.`),
  max_pixels: size.describe(`Largest picture, for example 40MP. ${defaultOf('max_pixels')}.`),
  max_memory: size.describe(`Memory after which an inference process is replaced. ${defaultOf('max_memory')}.`),
  max_tasks: z
    .int()
    .min(0)
    .describe(`Tasks after which an inference process is replaced. ${defaultOf('max_tasks')}, never.`),
  grace: z
    .number()
    .min(0)
    .max(86_400)
    .describe(`Seconds that stopping waits for work in progress. ${defaultOf('grace')}.`),
  token_file: z.string().min(1).describe('File with the token that requests must carry.'),
  http_status_200: z
    .boolean()
    .describe(`Answer HTTP 200 to errors too, as HubServing does. ${defaultOf('http_status_200')}.`),
  allow_partial: z.boolean().describe(`Serve the other modules when one fails to load. ${defaultOf('allow_partial')}.`),
};

/** The same with their defaults. */
export const serveSchema = z.object({
  port: serveValues.port.default(serveDefaults.port),
  host: serveValues.host.default(serveDefaults.host),
  use_multiprocess: serveValues.use_multiprocess.default(serveDefaults.use_multiprocess),
  use_gpu: serveValues.use_gpu.default(serveDefaults.use_gpu),
  workers: serveValues.workers.optional(),
  max_queue: serveValues.max_queue.default(serveDefaults.max_queue),
  timeout: serveValues.timeout.default(serveDefaults.timeout),
  max_body: serveValues.max_body.prefault(serveDefaults.max_body),
  max_pixels: serveValues.max_pixels.prefault(serveDefaults.max_pixels),
  max_memory: serveValues.max_memory.prefault(serveDefaults.max_memory),
  max_tasks: serveValues.max_tasks.default(serveDefaults.max_tasks),
  grace: serveValues.grace.default(serveDefaults.grace),
  token_file: serveValues.token_file.optional(),
  http_status_200: serveValues.http_status_200.default(serveDefaults.http_status_200),
  allow_partial: serveValues.allow_partial.default(serveDefaults.allow_partial),
});
