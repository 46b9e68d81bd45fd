import { linkedFrom } from '../files/linked-from.js';
import { OcrHubError } from '../errors/error.js';
import { z } from '../values/check.js';
import { toModelError } from './model-error.js';
import { readModelText } from './read-text.js';

/** The part of PaddleOCR's `inference.yml` (written beside an exported model) that ocrhub uses. */
export interface InferenceYml {
  readonly characters?: readonly string[];
  /** The order of a pixel's channels in the network's input. */
  readonly channelOrder?: string;
}

/** @throws OcrHubError `model_missing`; `model_mismatch` when the file does not have PaddleOCR's form. */
export async function readInferenceYml(file: string): Promise<InferenceYml> {
  const text = await readModelText(file).catch((error: unknown) => {
    throw toModelError(file, error, 'Put the file back.');
  });
  // Loaded on demand: the embedded models have no such file.
  const { parseDocument } = await import('yaml');
  // These quote the line. A link may lead to a file that those who read messages must not see.
  const prettyErrors = linkedFrom(file) === undefined;
  // The failsafe schema reads all values as text: a dictionary's 1, ~ and null are characters.
  const document = parseDocument(text, { schema: 'failsafe', prettyErrors });
  const parsed = inferenceYml.safeParse(document.toJS());
  const problem = document.errors[0]?.message ?? (parsed.success ? undefined : z.prettifyError(parsed.error));
  if (problem !== undefined || !parsed.success)
    throw new OcrHubError('model_mismatch', {
      path: file,
      problem: `it is not a PaddleOCR inference.yml: ${problem ?? ''}`,
    });
  const { PreProcess: before, PostProcess: after } = parsed.data;
  const order = before?.transform_ops?.find((step) => step.DecodeImage?.img_mode !== undefined)?.DecodeImage?.img_mode;
  return {
    ...(after?.character_dict === undefined ? {} : { characters: after.character_dict }),
    ...(order === undefined ? {} : { channelOrder: order }),
  };
}

const inferenceYml = z.object({
  PreProcess: z
    .object({
      transform_ops: z
        .array(z.object({ DecodeImage: z.object({ img_mode: z.string().optional() }).optional().catch(undefined) }))
        .optional(),
    })
    .optional(),
  PostProcess: z.object({ character_dict: z.array(z.string()).optional() }).optional(),
});
