import { z } from '../../../values/check.js';

/** A request in one line. */
export const requestForm =
  '{"inputs": [{"name": "image", "shape": [1], "datatype": "BYTES", "data": [base64]}], "outputs": [{"name": "txts"}]}';

const size = z.int('expected a whole number').nonnegative('expected a whole number from 0');
const flag = z.boolean('expected true or false');
const text = z.string('expected a text');
const byteSizes = z.strictObject({ binary_data_size: size.optional() });

const input = z.strictObject({
  name: text.describe('image; or input, for a request of PaddleX as text'),
  shape: z
    .array(size, 'expected a list of sizes')
    .min(1, 'expected a list of sizes')
    .max(8, 'expected at most 8 sizes'),
  datatype: z.enum(['BYTES', 'UINT8'], 'expected BYTES or UINT8'),
  parameters: byteSizes.nullish(),
  data: z.unknown().optional().describe('Files in base64, or the numbers of a picture; left out for binary data.'),
});

const output = z.strictObject({
  name: text,
  parameters: z.strictObject({ binary_data: flag.optional() }).nullish(),
});

/** The JSON part of a request. */
export const inferSchema = z.strictObject({
  // KServe's SDK names the model in the body too.
  model_name: text.nullish().describe('The name in the address.'),
  model_version: text.nullish().describe('The version in the address.'),
  id: text.nullish().describe('Is in the answer.'),
  parameters: z
    .looseObject({ binary_data_output: flag.optional() }, 'expected an object')
    .nullish()
    .describe('Fields of the module and of documents, and binary_data_output.'),
  inputs: z.array(input, 'expected a list of tensors').min(1, 'expected a list of tensors'),
  outputs: z.array(output, 'expected a list of outputs').nullish().describe('Default: all of the lines.'),
});

export type InferJson = z.output<typeof inferSchema>;
export type InputJson = InferJson['inputs'][number];
