import { readJsonFile } from '../files/json-file.js';
import { check, z } from '../values/check.js';
import { serveValues } from './serve-values.js';

const moduleArgs = z.record(z.string(), z.unknown());

const configModule = z
  .strictObject({
    module: z
      .string()
      .optional()
      .describe('Which installed module this is, where it is not the key itself: name, or name==version.'),
    init_args: z
      .looseObject({
        version: z.string().optional().describe('Which version to serve; the newest where it is left out.'),
        use_gpu: z.boolean().optional().describe('Needs CUDA_VISIBLE_DEVICES.'),
      })
      .default({})
      .describe('Parameters, as "ocrhub show NAME" lists them.'),
    predict_args: moduleArgs.default({}).describe('Fields that each request gets unless it says otherwise.'),
  })
  .describe('One served module.');

/** What a config.json may hold: the original's keys, and every flag of `serving start` under the flag's name. */
const configFile = z
  .strictObject({
    modules_info: z
      .record(z.string(), configModule)
      .refine((modules) => Object.keys(modules).length > 0, 'expected at least one module')
      .meta({
        description: 'What is served: the keys are the last part of the address, /predict/KEY.',
        minProperties: 1,
      }),
    ...z.object(serveValues).partial().shape,
    gpu: z.string().optional().describe('A key of the original; CUDA_VISIBLE_DEVICES decides instead.'),
    $schema: z.string().optional().describe('Where an editor finds this schema; the server does not read it.'),
  })
  .describe('A config file of "ocrhub serving start -c FILE".');

export type ConfigFile = z.output<typeof configFile>;

/** The JSON Schema by which editors check and complete a config file. */
export function configFileSchema(): object {
  return { title: 'ocrhub config file', ...z.toJSONSchema(configFile, { io: 'input' }) };
}

/** @throws OcrHubError `file_not_found`, `file_not_json`, `value_unknown`, `value_invalid` */
export async function readConfigFile(file: string): Promise<ConfigFile> {
  return check(configFile, await readJsonFile(file), file);
}
