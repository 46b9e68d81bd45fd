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
  det_algorithm: z.literal('DB').default('DB').meta({ description: 'Kind of detector; only DB.', source: sources.hub }),
  det_model_dir: z.string().min(1).default(defaultModelSet).meta({
    description:
      "Detection model: a set's name (ocrhub models), a folder with det.onnx or inference.onnx, or an ONNX file.",
    source: sources.ocrhub,
  }),
  det_precision: z.enum(['same', 'f32']).default('same').meta({
    description:
      'same: as precision says; f32: where precision is auto this network is in f32 all the same, which finds a few more faint lines.',
    source: sources.ocrhub,
  }),
  det_keep_memory: z.boolean().default(true).meta({
    description:
      'Keep the memory of one page for the next. Without it a process is a quarter smaller between pages, and a page takes a sixth longer (docs/decisions/0014).',
    source: sources.ocrhub,
  }),
  det_limit_side_len: perRequest(
    z.int().min(32).max(4000).default(960).meta({
      description: 'Length that the side named by det_limit_type is brought to before detection.',
      unit: 'px',
      source: sources.hub,
    }),
  ),
  det_limit_type: perRequest(
    z.enum(['max', 'min', 'resize_long']).default('max').meta({
      description:
        'max: shrink until the longer side fits; min: enlarge until the shorter side fits; resize_long: bring the longer side to exactly that length.',
      source: sources.hub,
    }),
  ),
  det_max_side_limit: perRequest(
    z.int().min(32).max(4000).default(4000).meta({
      description: 'Longest side before detection, whatever det_limit_type asks: max_side_limit of PaddleOCR 3.',
      unit: 'px',
      source: 'paddleocr/_pipelines',
    }),
  ),
  det_max_pixels: z.int().min(128_000).max(16_000_000).default(4_000_000).meta({
    description:
      'Pixels that the detector sees in one run, whatever det_limit_type asks; more are scaled down. Bounds its memory: 200 MB a million. The original has no such bound.',
    unit: 'px',
    source: sources.ocrhub,
  }),
  det_slice: perRequest(
    z.boolean().default(true).meta({
      description:
        'Look at a strip in slices, at the scale of its shorter side, where det_limit_side_len would blur its letters. The reference never does.',
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
      description: 'How far a box grows: by area * ratio / perimeter on each side.',
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
  det_box_type: z.literal('quad', 'must be "quad"; polygons ("poly") are not supported').default('quad').meta({
    description: 'Shape of the boxes; only quad, four corners.',
    source: sources.utility,
  }),
});

export type DetectorParams = Readonly<z.output<typeof detectorParams>>;

/** What one request may change of the detector's parameters. */
export type DetectorOverlay = Overlay<typeof detectorParams>;
