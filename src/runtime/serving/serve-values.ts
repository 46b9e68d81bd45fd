import { z } from '../schema.js';

/** A count of bytes or pixels: a plain number, or one with a unit such as 64MiB, 1.5GiB, 40MP. */
const size = z.union([z.number(), z.string()]).transform((value, context) => {
  const count = typeof value === 'number' ? value : parseSize(value);
  if (Number.isInteger(count) && count >= 1) return count;
  // As it was written: what was read from it is no number.
  context.issues.push({ code: 'custom', input: value, message: 'expected a size such as 67108864, 64MiB or 40MP' });
  return z.NEVER;
});

/** A body becomes one text, and V8 has none of 512 MiB. */
const bodySize = size.refine((bytes) => bytes <= 511 * 1024 ** 2, 'expected at most 511MiB, as much as one text holds');

/** The options of a server that are the same as a flag of `serving start` and as a key of a config file. */
export const serveValues = {
  port: z.int().min(1).max(65535).describe('Port to listen on. Default: 8866.'),
  use_multiprocess: z
    .boolean()
    .describe('Several single-threaded inference processes instead of one that uses all cores. Default: false.'),
  workers: z
    .int()
    .min(1)
    .max(1024)
    .describe('Tasks in progress at once with use_multiprocess; at most one process a core. Default: 2 x cores - 1.'),
  use_gpu: z.boolean().describe('Speaks for all modules; needs CUDA_VISIBLE_DEVICES. Default: false.'),
  host: z.string().min(1).describe('Address to listen on. Default: 127.0.0.1, this machine alone.'),
  max_queue: z.int().min(0).max(100_000).describe('Requests that may wait; more get 429. Default: 64.'),
  timeout: z.number().positive().max(86_400).describe('Seconds a request may take; then it gets 504. Default: 60.'),
  max_body: bodySize.describe('Largest request body, for example 64MiB, at most 511MiB. Default: 64MiB.'),
  max_pixels: size.describe('Largest picture, for example 40MP. Default: 64MP.'),
  max_memory: size.describe('Memory after which an inference process is replaced. Default: 1.5GiB.'),
  max_tasks: z.int().min(0).describe('Tasks after which an inference process is replaced. Default: 0, never.'),
  grace: z.number().min(0).max(86_400).describe('Seconds that stopping waits for work in progress. Default: 30.'),
  token_file: z.string().min(1).describe('File with the token that requests must carry.'),
  http_status_200: z.boolean().describe('Answer HTTP 200 to errors too, as HubServing does. Default: false.'),
  allow_partial: z.boolean().describe('Serve the other modules when one fails to load. Default: false.'),
};

/** NaN for what is no size. */
function parseSize(text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*([kmg]?)(i?)(?:b|p|)$/i.exec(text.trim());
  if (match === null) return NaN;
  const [, number = '', prefix = '', binary = ''] = match;
  const power = ['', 'k', 'm', 'g'].indexOf(prefix.toLowerCase());
  return Math.round(Number(number) * (binary === '' ? 1000 : 1024) ** power);
}
