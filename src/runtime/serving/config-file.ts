import { readFile } from 'node:fs/promises';
import { OcrHubError } from '../errors.js';
import { check, z } from '../schema.js';

const moduleArgs = z.record(z.string(), z.unknown());

/** What a config.json may hold: the original's keys, and every flag of `serving start` under the flag's name. */
const configFile = z.strictObject({
  modules_info: z
    .record(
      z.string(),
      z.strictObject({
        module: z.string().optional(),
        init_args: moduleArgs.default({}),
        predict_args: moduleArgs.default({}),
      }),
    )
    .refine((modules) => Object.keys(modules).length > 0, 'expected at least one module'),
  port: z.int().optional(),
  use_multiprocess: z.boolean().optional(),
  workers: z.int().optional(),
  use_gpu: z.boolean().optional(),
  gpu: z.string().optional(),
  host: z.string().optional(),
  max_queue: z.int().optional(),
  timeout: z.number().optional(),
  max_body: z.union([z.number(), z.string()]).optional(),
  max_pixels: z.union([z.number(), z.string()]).optional(),
  max_memory: z.union([z.number(), z.string()]).optional(),
  max_tasks: z.int().optional(),
  grace: z.number().optional(),
  token_file: z.string().optional(),
  http_status_200: z.boolean().optional(),
  allow_partial: z.boolean().optional(),
});

export type ConfigFile = z.output<typeof configFile>;

/** @throws OcrHubError `file_not_found`, `file_not_json`, `value_unknown`, `value_invalid` */
export async function readConfigFile(file: string): Promise<ConfigFile> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new OcrHubError('file_not_found', { file, problem: (error as Error).message }, { cause: error });
  });
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw new OcrHubError('file_not_json', { file, problem: (error as Error).message }, { cause: error });
  }
  return check(configFile, parsed, file);
}
