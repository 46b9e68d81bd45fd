import { z } from '../../values/check.js';
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

export const detectorParams = z.strictObject({
  setting,
  precision,
  device,
  use_gpu,
  det_algorithm: z
    .literal('DB')
    .default('DB')
    .meta({ description: 'Type of detector; only DB is supported.', source: sources.hub }),
  det_model_dir: z.string().min(1).default(defaultModelSet).meta({
    description:
      "Detection model: a set's name (ocrhub models), a folder with det.onnx or inference.onnx, or an ONNX file.",
    source: sources.ocrhub,
  }),
  det_precision: z.enum(['same', 'f32']).default('same').meta({
    description:
      'same: use the value of precision; f32: compute in f32 even if precision is auto, which finds a few more faint lines.',
    source: sources.ocrhub,
  }),
  det_keep_memory: z.boolean().default(true).meta({
    description:
      'Keep the memory of one page for the next. If false, a process needs a quarter less memory between pages, and a page takes a sixth longer (docs/decisions/0014).',
    source: sources.ocrhub,
  }),
  det_limit_side_len: perRequest(
    z.int().min(32).max(4000).default(960).meta({
      description: 'Length to which the side named by det_limit_type is resized before detection.',
      unit: 'px',
      source: sources.hub,
    }),
  ),
  det_limit_type: perRequest(
    z.enum(['max', 'min', 'resize_long']).default('max').meta({
      description:
        'max: shrink the picture if the longer side is longer; min: enlarge it if the shorter side is shorter; resize_long: always resize the longer side to that length.',
      source: sources.hub,
    }),
  ),
  det_max_side_limit: perRequest(
    z.int().min(32).max(4000).default(4000).meta({
      description:
        'Maximum length of a side before detection, for every det_limit_type. Called max_side_limit in PaddleOCR 3.',
      unit: 'px',
      source: 'paddleocr/_pipelines',
    }),
  ),
  det_max_pixels: z.int().min(128_000).max(16_000_000).default(4_000_000).meta({
    description:
      'Maximum pixels that the detector gets in one run, for every det_limit_type; a larger picture is scaled down. This limits memory: about 200 MB per million pixels. The reference has no limit.',
    unit: 'px',
    source: sources.ocrhub,
  }),
  det_min_side: perRequest(
    z.int().min(32).max(640).default(96).meta({
      description:
        'A picture with a shorter side at the detector gets a border (det_border). If it is not shrunk, it is enlarged to this side.',
      unit: 'px',
      source: sources.ocrhub,
    }),
  ),
  det_border: perRequest(
    z.int().min(0).max(64).default(16).meta({
      description:
        'Border of a small picture at the detector (det_min_side), in the color of its edges. The network finds no letters that touch the edge. 0: none, as in the reference.',
      unit: 'px',
      source: sources.ocrhub,
    }),
  ),
  det_slice: perRequest(
    z.boolean().default(true).meta({
      description:
        'Detect a long strip in slices, scaled by its shorter side, if det_limit_side_len would blur its letters. The reference never uses slices.',
      source: sources.ocrhub,
    }),
  ),
  det_small_print: perRequest(
    z.boolean().default(true).meta({
      description:
        'Look again, two to three times larger, at the parts of a large picture where the letters are too small for the detector. The reference looks once.',
      source: sources.ocrhub,
    }),
  ),
  det_db_thresh: perRequest(
    z.number().min(0).max(1).default(0.3).meta({
      description: 'Probability above which a pixel counts as text.',
      unit: 'probability',
      source: sources.hub,
    }),
  ),
  det_db_box_thresh: perRequest(
    z.number().min(0).max(1).default(0.4).meta({
      description: 'Mean probability below which a box is dropped. The reference has 0.5.',
      unit: 'probability',
      source: sources.ocrhub,
    }),
  ),
  det_db_unclip_ratio: perRequest(
    z.number().min(0).max(10).default(1.6).meta({
      description: 'Growth of a box, on each side: area * ratio / perimeter.',
      unit: 'ratio',
      source: sources.hub,
    }),
  ),
  use_dilation: perRequest(
    z.boolean().default(false).meta({
      description: 'Grow the text mask by one pixel to the right and below before looking for regions.',
      source: sources.hub,
    }),
  ),
  det_db_score_mode: perRequest(
    z.enum(['fast', 'slow']).default('fast').meta({
      description: "Whether a box's score is the mean over its rectangle (fast) or over its outline (slow).",
      source: sources.hub,
    }),
  ),
  det_whole_pixels: perRequest(
    z.boolean().default(false).meta({
      description:
        "Whether a box reaches to the outer edges of its pixels in the detector's map. false: to their upper left corners, as in the reference, which can cut small print at the bottom.",
      source: sources.ocrhub,
    }),
  ),
  det_corner_order: z.enum(['reading', 'sums']).default('reading').meta({
    description:
      'Which corner of a box is its first. reading: the one where the text begins, at any tilt; sums: the one with the smallest x + y, as in the reference, which loses lines tilted by about 45 degrees.',
    source: sources.ocrhub,
  }),
  det_box_type: z.literal('quad', 'must be "quad"; polygons ("poly") are not supported').default('quad').meta({
    description: 'Shape of the boxes; only quad (four corners) is supported.',
    source: sources.utility,
  }),
});

export type DetectorParams = Readonly<z.output<typeof detectorParams>>;

/** The parameters of the detector that one request may change. */
export type DetectorOverlay = Overlay<typeof detectorParams>;
