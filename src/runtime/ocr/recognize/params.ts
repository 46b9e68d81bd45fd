import { z } from '../../values/check.js';
import { imageShape } from '../image-shape.js';
import {
  defaultModelSet,
  device,
  perRequest,
  precision,
  setting,
  sources,
  use_gpu,
  type Overlay,
} from '../shared-params.js';

export const recognizerParams = z.strictObject({
  setting,
  precision,
  device,
  use_gpu,
  rec_algorithm: z.enum(['CRNN', 'SVTR_LCNet']).default('CRNN').meta({
    description: 'Type of recognizer. Both values mean a CTC network and have the same effect.',
    source: sources.hub,
  }),
  rec_model_dir: z.string().min(1).default(defaultModelSet).meta({
    description:
      "Recognition model: a set's name (ocrhub models), a folder with rec.onnx and dict.txt, or inference.onnx and inference.yml, or an ONNX file.",
    source: sources.ocrhub,
  }),
  rec_models: z.array(z.string().min(1)).max(8).readonly().default([]).meta({
    description:
      'Further recognition models that are loaded at the start, each named as in rec_model_dir, so that rec_model can choose them. Each takes memory of its own in each inference process.',
    source: sources.ocrhub,
  }),
  rec_model: perRequest(
    z.string().default('').meta({
      description:
        'The recognition model that reads: rec_model_dir or one of rec_models, as they are written there. Empty: rec_model_dir.',
      source: sources.ocrhub,
    }),
  ),
  rec_image_shape: imageShape('3, 48, 320').meta({
    description:
      'Channels, height and width of a text line. In the reference, the width is the minimum; here rec_min_width sets it.',
    unit: 'px',
    source: sources.hub,
  }),
  rec_batch_num: z.int().min(1).max(256).default(1).meta({
    description:
      'Maximum lines read in one run. The reference has 6, of similar width. With 1, no line is padded to the width of another.',
    unit: 'lines',
    source: sources.ocrhub,
  }),
  rec_min_width: z.int().min(8).max(3200).default(96).meta({
    description: 'Minimum width to which a line is padded. The reference has 320.',
    unit: 'px',
    source: sources.ocrhub,
  }),
  rec_margin: z.int().min(0).max(320).default(4).meta({
    description:
      'Gray pixels added after a line, so that its last letter does not touch the edge. The reference adds none, but pads to 320.',
    unit: 'px',
    source: sources.ocrhub,
  }),
  rec_width_scale: z.number().min(0.25).max(1).default(1).meta({
    description:
      'Width of a line relative to its aspect ratio. A value below 1 squeezes the line: it saves nearly as much time, and loses some small print (docs/decisions/0012).',
    unit: 'ratio',
    source: sources.ocrhub,
  }),
  rec_width_multiple: z.int().min(1).max(320).default(8).meta({
    description:
      'Widths are rounded up to a multiple of this, so that few different shapes occur. The reference has 1.',
    unit: 'px',
    source: sources.ocrhub,
  }),
  rec_max_width: z.int().min(320).max(32000).default(6400).meta({
    description:
      'Maximum width of a line; a longer one is read in pieces. This limits the memory of one run. The reference has no limit.',
    unit: 'px',
    source: sources.ocrhub,
  }),
  rec_space_thresh: z.number().min(0.001).max(1).default(0.1).meta({
    description:
      'Minimum probability at which a space is inserted between two letters even if no step between them has it as its best class. 1: never, as in the reference.',
    unit: 'probability',
    source: sources.ocrhub,
  }),
  rec_even_spacing: z.boolean().default(true).meta({
    description:
      'Whether a space is left out that is no wider than the gaps between the letters of its line, as on displays and in letter-spaced print. The reference keeps it.',
    source: sources.ocrhub,
  }),
  rec_whole_signs: z.boolean().default(true).meta({
    description:
      'Whether a part of a sign that is read beside the whole sign is left out: °℃ is °C, and ½2 is ½. The reference keeps it.',
    source: sources.ocrhub,
  }),
  rec_char_dict_path: z.string().default('').meta({
    description:
      'Dictionary of the recognizer: a file with one character per line, or an inference.yml. Empty: the dictionary of the model.',
    source: sources.hub,
  }),
  use_space_char: z.boolean().default(true).meta({
    description: 'Whether the model has a class for the space, after the classes of the dictionary.',
    source: sources.hub,
  }),
  return_word_box: perRequest(
    z.boolean().default(false).meta({
      description:
        'Whether each line also has its words: text, confidence and region. Each Chinese, Japanese or Korean character is a word.',
      source: 'paddleocr/_pipelines',
    }),
  ),
  max_text_length: z.int().min(1).default(25).meta({
    description:
      'Has no effect on a CTC network, as in the reference; accepted so that old params.py values can be kept.',
    unit: 'characters',
    source: sources.hub,
  }),
});

export type RecognizerParams = Readonly<z.output<typeof recognizerParams>>;

/** The parameters of the recognizer that one request may change. */
export type RecognizerOverlay = Overlay<typeof recognizerParams>;
