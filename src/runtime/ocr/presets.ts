import type { z } from '../values/check.js';

/**
 * Named values of several parameters. They override params.ts and the schema's defaults, and init_args override them.
 * `default` changes nothing. Figures: docs/performance.md.
 */
export const presets = Object.freeze({
  default: {},
  /**
   * Finds more small or faint print: small pictures are enlarged for the detector, large ones are shrunk less, and the
   * detector computes in f32. The recognizer stays in int8, which reads equally well.
   */
  accurate: { det_limit_type: 'min', det_limit_side_len: 704, det_max_side_limit: 1600, det_precision: 'f32' },
  /**
   * For clear print: the detector gets 0.6 of the pixels, and lines are squeezed to 0.85 of their width
   * (docs/decisions/0012).
   */
  fast: { det_limit_side_len: 736, rec_width_scale: 0.85, rec_margin: 8 },
  /**
   * The values of the original: `ocr_system` of PaddleHub Serving with PaddleOCR 2.10.0. With them, answers equal the
   * recordings. The defaults differ if another value is faster (rec_*, precision) or reads better.
   */
  reference: {
    precision: 'f32',
    det_limit_side_len: 960,
    det_limit_type: 'max',
    det_max_side_limit: 4000,
    det_border: 0,
    det_slice: false,
    det_small_print: false,
    det_db_thresh: 0.3,
    det_db_box_thresh: 0.5,
    det_db_unclip_ratio: 1.6,
    use_dilation: false,
    det_db_score_mode: 'fast',
    det_corner_order: 'sums',
    use_angle_cls: true,
    cls_first_part: false,
    cls_thresh: 0.9,
    drop_score: 0.5,
    rec_batch_num: 6,
    rec_min_width: 320,
    rec_margin: 0,
    rec_width_scale: 1,
    rec_width_multiple: 1,
    rec_space_thresh: 1,
    rec_even_spacing: false,
    rec_whole_signs: false,
    crop_once: false,
    read_narrow: false,
    read_displays: false,
    read_vertical_marks: false,
    drop_textures: false,
    page_rotation: 0,
    reading_order: 'reference',
  },
} as const);

export type PresetName = keyof typeof presets;

export const presetNames = Object.keys(presets) as [PresetName, ...PresetName[]];

type Values = Readonly<Record<string, unknown>>;

/**
 * Returns `params`, overridden by the preset, overridden by `initArgs`. The preset is the value of `setting` in `initArgs`,
 * or else in `params`. Parameters that the schema lacks are left out; a schema without `setting` has no preset.
 */
export function withPreset(schema: z.ZodObject, params: Values, initArgs: Values = {}): Values {
  const name = { ...params, ...initArgs }['setting'];
  const known = 'setting' in schema.shape && isPreset(name) ? presets[name] : {};
  const brought = Object.fromEntries(Object.entries(known).filter(([parameter]) => parameter in schema.shape));
  return { ...params, ...brought, ...initArgs };
}

/** Returns the preset that the parameter `setting` names; null for a module without that parameter. */
export function presetOf(values: Values): PresetName | null {
  const { setting } = values;
  return isPreset(setting) ? setting : null;
}

function isPreset(name: unknown): name is PresetName {
  return typeof name === 'string' && Object.hasOwn(presets, name);
}
