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
    description: 'Kind of recognizer; both names mean a CTC network and are handled alike.',
    source: sources.hub,
  }),
  rec_model_dir: z.string().min(1).default(defaultModelSet).meta({
    description:
      "Recognition model: a set's name (ocrhub models), a folder with rec.onnx and dict.txt, or inference.onnx and inference.yml, or an ONNX file.",
    source: sources.ocrhub,
  }),
  rec_image_shape: imageShape('3, 48, 320').meta({
    description:
      "Channels, height and width of a text line. The width is the reference's least width; here rec_min_width says it.",
    unit: 'px',
    source: sources.hub,
  }),
  rec_batch_num: z.int().min(1).max(256).default(1).meta({
    description:
      'Lines read in one run. The reference takes 6 of similar width; singly, no line is padded to the widest.',
    unit: 'lines',
    source: sources.ocrhub,
  }),
  rec_min_width: z.int().min(8).max(3200).default(96).meta({
    description: 'Least width a line is padded to. The reference has 320.',
    unit: 'px',
    source: sources.ocrhub,
  }),
  rec_margin: z.int().min(0).max(320).default(4).meta({
    description:
      'Pixels of gray behind a line, in which its last letter ends. The reference has none, and pads to 320.',
    unit: 'px',
    source: sources.ocrhub,
  }),
  rec_width_scale: z.number().min(0.25).max(1).default(1).meta({
    description:
      'Width of a line to what its aspect ratio asks. Below 1 it is squeezed, which takes nearly as much less time and loses a little of what is small (docs/decisions/0012).',
    unit: 'ratio',
    source: sources.ocrhub,
  }),
  rec_width_multiple: z.int().min(1).max(320).default(8).meta({
    description: 'Widths are rounded up to a multiple, so that few shapes occur. The reference has 1.',
    unit: 'px',
    source: sources.ocrhub,
  }),
  rec_max_width: z.int().min(320).max(32000).default(6400).meta({
    description:
      'Longest line; longer ones are read in pieces. Bounds the memory of one run. The reference has no bound.',
    unit: 'px',
    source: sources.ocrhub,
  }),
  rec_space_thresh: z.number().min(0.001).max(1).default(0.1).meta({
    description:
      'Probability from which two letters are parted by a space that is the best class of no step between them. 1: by none, as in the reference.',
    unit: 'probability',
    source: sources.ocrhub,
  }),
  rec_char_dict_path: z.string().default('').meta({
    description:
      'Dictionary of the recognizer, one character a line, or an inference.yml; empty: the one that belongs to the model.',
    source: sources.hub,
  }),
  use_space_char: z.boolean().default(true).meta({
    description: 'Whether the model has a class for the space after those of the dictionary.',
    source: sources.hub,
  }),
  return_word_box: perRequest(
    z.boolean().default(false).meta({
      description:
        'Whether each line also gets its words: text, confidence and region. Chinese, Japanese and Korean characters are words of their own.',
      source: 'paddleocr/_pipelines',
    }),
  ),
  max_text_length: z.int().min(1).default(25).meta({
    description: 'Has no effect on a CTC network, as in the reference; accepted so that old params load.',
    unit: 'characters',
    source: sources.hub,
  }),
});

export type RecognizerParams = Readonly<z.output<typeof recognizerParams>>;

/** What one request may change of the recognizer's parameters. */
export type RecognizerOverlay = Overlay<typeof recognizerParams>;
