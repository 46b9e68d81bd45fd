import { z } from '../values/check.js';
import { parseShape } from './recognize/line-tensor.js';
import { settingNames } from './presets.js';

/**
 * The parameters of the stages, under the names that PaddleOCR's hub modules use in their params.py. Where nothing else
 * is said, default and meaning are those of `deploy/hubserving/ocr_system/params.py` and `tools/infer/utility.py`.
 *
 * A field's `.meta()` holds its description, unit and source; `perRequest` marks what one request may change.
 */
declare module 'zod' {
  interface GlobalMeta {
    readonly unit?: string;
    readonly source?: string;
    /** Whether one request may set the value; the others are fixed when the models are loaded. */
    readonly perRequest?: boolean;
  }
}

const hub = 'deploy/hubserving/ocr_system/params.py';
const utility = 'tools/infer/utility.py';
const ocrhub = 'ocrhub';
const embedded = 'ppocrv6-small';

const use_gpu = z.boolean().default(false).meta({
  description: 'Run the networks on the GPU that CUDA_VISIBLE_DEVICES names; an error when that is not possible.',
  source: hub,
});

const setting = z.enum(settingNames).default('default').meta({
  description:
    'Named values for several parameters at once, which init_args override: accurate and fast trade time for small or faint print; reference answers as the original does; default changes nothing.',
  source: ocrhub,
});

const precision = z.enum(['auto', 'int8', 'f32']).default('auto').meta({
  description:
    'Whether the networks compute in 8-bit integers, where their set has such a form. auto: on CPUs that gain by it, after a check that they read the same.',
  source: ocrhub,
});

/**
 * Pixels of a network for lines: a letter needs a height of 8, and 3200 is the widest line of PaddleOCR 3. Real ones
 * have 32 x 320, 48 x 192, 80 x 160. By a height of 0 would be divided, and a huge one takes all memory.
 */
const lineShape = { least: 8, highest: 640, widest: 3200 } as const;

const imageShape = (fallback: string) =>
  z
    .string()
    .regex(/^\s*3\s*,\s*\d+\s*,\s*\d+\s*$/, { message: 'must be "3, height, width"', abort: true })
    .refine((shape) => {
      const { height, width } = parseShape(shape);
      const { least, highest, widest } = lineShape;
      return height >= least && height <= highest && width >= least && width <= widest;
    }, `must be "3, height, width" with a height of ${lineShape.least} to ${lineShape.highest} and a width of ${lineShape.least} to ${lineShape.widest}`)
    .default(fallback);

export const detectorParams = z.strictObject({
  setting,
  precision,
  use_gpu,
  det_algorithm: z.literal('DB').default('DB').meta({ description: 'Kind of detector; only DB.', source: hub }),
  det_model_dir: z.string().min(1).default(embedded).meta({
    description:
      "Detection model: a set's name (ocrhub models), a folder with det.onnx or inference.onnx, or an ONNX file.",
    source: ocrhub,
  }),
  det_precision: z.enum(['same', 'f32']).default('same').meta({
    description:
      'same: as precision says; f32: where precision is auto this network is in f32 all the same, which finds a few more faint lines.',
    source: ocrhub,
  }),
  det_keep_memory: z.boolean().default(true).meta({
    description:
      'Keep the memory of one page for the next. Without it a process is a quarter smaller between pages, and a page takes a sixth longer (docs/decisions/0014).',
    source: ocrhub,
  }),
  det_limit_side_len: z.int().min(32).max(4000).default(960).meta({
    description: 'Length that the side named by det_limit_type is brought to before detection.',
    unit: 'px',
    source: hub,
    perRequest: true,
  }),
  det_limit_type: z.enum(['max', 'min', 'resize_long']).default('max').meta({
    description:
      'max: shrink until the longer side fits; min: enlarge until the shorter side fits; resize_long: bring the longer side to exactly that length.',
    source: hub,
    perRequest: true,
  }),
  det_max_side_limit: z.int().min(32).max(4000).default(4000).meta({
    description: 'Longest side before detection, whatever det_limit_type asks: max_side_limit of PaddleOCR 3.',
    unit: 'px',
    source: 'paddleocr/_pipelines',
    perRequest: true,
  }),
  det_max_pixels: z.int().min(128_000).max(16_000_000).default(4_000_000).meta({
    description:
      'Pixels that the detector sees in one run, whatever det_limit_type asks; more are scaled down. Bounds its memory: 200 MB a million. The original has no such bound.',
    unit: 'px',
    source: ocrhub,
  }),
  det_slice: z.boolean().default(true).meta({
    description:
      'Look at a strip in slices, at the scale of its shorter side, where det_limit_side_len would blur its letters. The reference never does.',
    source: ocrhub,
    perRequest: true,
  }),
  det_db_thresh: z.number().min(0).max(1).default(0.3).meta({
    description: 'Probability above which a pixel counts as text.',
    unit: 'probability',
    source: hub,
    perRequest: true,
  }),
  det_db_box_thresh: z.number().min(0).max(1).default(0.4).meta({
    description: 'Mean probability below which a box is dropped. The reference has 0.5.',
    unit: 'probability',
    source: ocrhub,
    perRequest: true,
  }),
  det_db_unclip_ratio: z.number().min(0).max(10).default(1.6).meta({
    description: 'How far a box grows: by area * ratio / perimeter on each side.',
    unit: 'ratio',
    source: hub,
    perRequest: true,
  }),
  use_dilation: z.boolean().default(false).meta({
    description: 'Grow the text mask by one pixel to the right and below before looking for regions.',
    source: hub,
    perRequest: true,
  }),
  det_db_score_mode: z.enum(['fast', 'slow']).default('fast').meta({
    description: "Whether a box's score is the mean over its rectangle (fast) or over its outline (slow).",
    source: hub,
    perRequest: true,
  }),
  det_box_type: z.literal('quad', 'must be "quad"; polygons ("poly") are not supported').default('quad').meta({
    description: 'Shape of the boxes; only quad, four corners.',
    source: utility,
  }),
});

export const classifierParams = z.strictObject({
  use_gpu,
  cls_model_dir: z.string().min(1).default(embedded).meta({
    description:
      "Line angle model: a set's name (ocrhub models), a folder with cls.onnx or inference.onnx, or an ONNX file.",
    source: ocrhub,
  }),
  cls_image_shape: imageShape('3, 48, 192').meta({
    description: "Channels, height and width of the classifier's input.",
    unit: 'px',
    source: hub,
  }),
  label_list: z
    .array(z.enum(['0', '180']))
    .length(2)
    .readonly()
    .default(['0', '180'])
    .meta({
      description: "Angle of each class, in the order of the model's output.",
      unit: 'degrees',
      source: utility,
    }),
  cls_batch_num: z.int().min(1).max(256).default(30).meta({
    description: 'Lines classified in one run.',
    unit: 'lines',
    source: hub,
  }),
  cls_thresh: z.number().min(0).max(1).default(0.9).meta({
    description: 'Probability above which a line classified 180 is turned before it is read.',
    unit: 'probability',
    source: hub,
    perRequest: true,
  }),
});

export const recognizerParams = z.strictObject({
  setting,
  precision,
  use_gpu,
  rec_algorithm: z.enum(['CRNN', 'SVTR_LCNet']).default('CRNN').meta({
    description: 'Kind of recogniser; both names mean a CTC network and are handled alike.',
    source: hub,
  }),
  rec_model_dir: z.string().min(1).default(embedded).meta({
    description:
      "Recognition model: a set's name (ocrhub models), a folder with rec.onnx and dict.txt, or inference.onnx and inference.yml, or an ONNX file.",
    source: ocrhub,
  }),
  rec_image_shape: imageShape('3, 48, 320').meta({
    description:
      "Channels, height and width of a text line. The width is the reference's least width; here rec_min_width says it.",
    unit: 'px',
    source: hub,
  }),
  rec_batch_num: z.int().min(1).max(256).default(1).meta({
    description:
      'Lines read in one run. The reference takes 6 of similar width; singly, no line is padded to the widest.',
    unit: 'lines',
    source: ocrhub,
  }),
  rec_min_width: z.int().min(8).max(3200).default(96).meta({
    description: 'Least width a line is padded to. The reference has 320.',
    unit: 'px',
    source: ocrhub,
  }),
  rec_margin: z.int().min(0).max(320).default(4).meta({
    description:
      'Pixels of grey behind a line, in which its last letter ends. The reference has none, and pads to 320.',
    unit: 'px',
    source: ocrhub,
  }),
  rec_width_scale: z.number().min(0.25).max(1).default(1).meta({
    description:
      'Width of a line to what its aspect ratio asks. Below 1 it is squeezed, which takes nearly as much less time and loses a little of what is small (docs/decisions/0012).',
    unit: 'ratio',
    source: ocrhub,
  }),
  rec_width_multiple: z.int().min(1).max(320).default(8).meta({
    description: 'Widths are rounded up to a multiple, so that few shapes occur. The reference has 1.',
    unit: 'px',
    source: ocrhub,
  }),
  rec_max_width: z.int().min(320).max(32000).default(6400).meta({
    description:
      'Longest line; longer ones are read in pieces. Bounds the memory of one run. The reference has no bound.',
    unit: 'px',
    source: ocrhub,
  }),
  rec_space_thresh: z.number().min(0.001).max(1).default(0.1).meta({
    description:
      'Probability from which two letters are parted by a space that is the best class of no step between them. 1: by none, as in the reference.',
    unit: 'probability',
    source: ocrhub,
  }),
  rec_char_dict_path: z.string().default('').meta({
    description:
      'Dictionary of the recogniser, one character a line, or an inference.yml; empty: the one that belongs to the model.',
    source: hub,
  }),
  use_space_char: z.boolean().default(true).meta({
    description: 'Whether the model has a class for the space after those of the dictionary.',
    source: hub,
  }),
  return_word_box: z.boolean().default(false).meta({
    description:
      'Whether each line also gets its words: text, confidence and region. Chinese, Japanese and Korean characters are words of their own.',
    source: 'paddleocr/_pipelines',
    perRequest: true,
  }),
  max_text_length: z.int().min(1).default(25).meta({
    description: 'Has no effect on a CTC network, as in the reference; accepted so that old params load.',
    unit: 'characters',
    source: hub,
  }),
});

export const systemParams = z.strictObject({
  ...detectorParams.shape,
  ...classifierParams.shape,
  ...recognizerParams.shape,
  crop_once: z.boolean().default(true).meta({
    description:
      'Cut a tilted line out at the height of rec_image_shape, bilinear, in one step. The reference cuts it out at its own size, bicubic, and resizes that; so does this where use_angle_cls is true.',
    source: ocrhub,
  }),
  use_angle_cls: z.boolean().default(false).meta({
    description: 'Whether lines are checked for being upside down, and turned. The reference has true in hub modules.',
    source: utility,
    perRequest: true,
  }),
  drop_score: z.number().min(0).max(1).default(0.5).meta({
    description: 'Confidence below which a line is left out of the answer.',
    unit: 'probability',
    source: utility,
    perRequest: true,
  }),
});

export type DetectorParams = Readonly<z.output<typeof detectorParams>>;
export type ClassifierParams = Readonly<z.output<typeof classifierParams>>;
export type RecognizerParams = Readonly<z.output<typeof recognizerParams>>;
export type SystemParams = Readonly<z.output<typeof systemParams>>;

/** Values that one request may put over the resolved parameters. */
export type DetectorOverlay = Readonly<
  Partial<
    Pick<
      DetectorParams,
      | 'det_limit_side_len'
      | 'det_limit_type'
      | 'det_max_side_limit'
      | 'det_slice'
      | 'det_db_thresh'
      | 'det_db_box_thresh'
      | 'det_db_unclip_ratio'
      | 'use_dilation'
      | 'det_db_score_mode'
    >
  >
>;
export type RecognizerOverlay = Readonly<Partial<Pick<RecognizerParams, 'return_word_box'>>>;
export type SystemOverlay = DetectorOverlay &
  RecognizerOverlay &
  Readonly<Partial<Pick<SystemParams, 'cls_thresh' | 'use_angle_cls' | 'drop_score'>>>;

/** The fields of a schema that one request may set, all optional and without defaults: the schema of an overlay. */
export function perRequestParams(schema: z.ZodObject): z.ZodObject {
  const fields = Object.entries(schema.shape as Record<string, z.ZodType>)
    .filter(([, field]) => field.meta()?.perRequest === true)
    .map(([name, field]) => [name, withoutDefault(field).optional()] as const);
  return z.strictObject(Object.fromEntries(fields));
}

function withoutDefault(field: z.ZodType): z.ZodType {
  return field instanceof z.ZodDefault ? (field.unwrap() as z.ZodType) : field;
}
