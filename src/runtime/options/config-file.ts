import { readJsonFile } from '../files/json-file.js';
import { check, z } from '../values/check.js';
import { optionRows } from './option-table.js';

const moduleArgs = z.record(z.string(), z.unknown());

const configModule = z
  .strictObject({
    module: z
      .string()
      .optional()
      .describe('The installed module, if it is not the key itself: name, or name==version.'),
    init_args: z
      .looseObject({
        version: z.string().optional().describe('The version to serve. Default: the newest.'),
        use_gpu: z.boolean().optional().describe('Needs CUDA_VISIBLE_DEVICES.'),
      })
      .default({})
      .describe('Parameters; "ocrhub show NAME" lists them.'),
    predict_args: moduleArgs.default({}).describe('Fields for requests that do not set them.'),
  })
  .describe('One served module.');

/** A config file: the keys of HubServing's config.json, and every option of a server. */
const configFile = z
  .strictObject({
    modules_info: z
      .record(z.string(), configModule)
      .refine((modules) => Object.keys(modules).length > 0, 'expected at least one module')
      .meta({
        description: 'The served modules. Each key is the last part of an address, /predict/KEY.',
        minProperties: 1,
      }),
    ...optionKeys(),
    gpu: z.string().optional().describe('A key of HubServing. It has no effect; set CUDA_VISIBLE_DEVICES instead.'),
    $schema: z.string().optional().describe('The path of this schema, for editors. The server does not read it.'),
  })
  .describe('A config file of "ocrhub serving start -c FILE".');

export type ConfigFile = z.output<typeof configFile>;

/** Returns the JSON Schema of a config file, for editors. */
export function configFileSchema(): object {
  return { title: 'ocrhub config file', ...z.toJSONSchema(configFile, { io: 'input' }) };
}

/** @throws OcrHubError `file_not_found`, `file_not_json`, `key_unknown`, `value_invalid` */
export async function readConfigFile(file: string): Promise<ConfigFile> {
  return check(configFile, await readJsonFile(file), file);
}

function optionKeys(): Record<string, z.ZodType> {
  return Object.fromEntries(
    optionRows.map(([name, { schema, help, defaultText }]) => {
      const sentence = `${help.charAt(0).toUpperCase()}${help.slice(1)}.`;
      const description = defaultText === undefined ? sentence : `${sentence} Default: ${defaultText}.`;
      return [name, schema.optional().describe(description)];
    }),
  );
}
