import type { z } from '../values/check.js';

/**
 * Named sets of parameters. `default` changes nothing: it is what params.ts says, and a schema's defaults where that
 * says nothing. The others stand in for those, and init_args stand in for them. Figures: docs/performance.md.
 */
export const presets = Object.freeze({
  default: {},
  /**
   * More of what is small or faint: narrow pictures are enlarged for the detector, large ones shrunk less, and it
   * computes in f32. The recognizer reads as well in int8.
   */
  accurate: { det_limit_type: 'min', det_limit_side_len: 704, det_max_side_limit: 1600, det_precision: 'f32' },
  /**
   * For clear print: the detector sees 0.6 of the pixels, the recognizer lines of 0.85 their width
   * (docs/decisions/0012).
   */
  fast: { det_limit_side_len: 736, rec_width_scale: 0.85, rec_margin: 8 },
  /**
   * With these values the original answers exactly as recorded: `ocr_system` of PaddleHub Serving with PaddleOCR
   * 2.10.0. The defaults differ where a faster way reads as well (rec_*, precision) or better.
   */
  reference: {
    precision: 'f32',
    det_limit_side_len: 960,
    det_limit_type: 'max',
    det_max_side_limit: 4000,
    det_slice: false,
    det_db_thresh: 0.3,
    det_db_box_thresh: 0.5,
    det_db_unclip_ratio: 1.6,
    use_dilation: false,
    det_db_score_mode: 'fast',
    use_angle_cls: true,
    cls_thresh: 0.9,
    drop_score: 0.5,
    rec_batch_num: 6,
    rec_min_width: 320,
    rec_margin: 0,
    rec_width_scale: 1,
    rec_width_multiple: 1,
    rec_space_thresh: 1,
    crop_once: false,
  },
} as const);

export type PresetName = keyof typeof presets;

export const presetNames = Object.keys(presets) as [PresetName, ...PresetName[]];

type Values = Readonly<Record<string, unknown>>;

/**
 * The values of params.ts overlaid by those of the preset that `setting` names, in `initArgs` or else in `params`, overlaid
 * by `initArgs`. A preset brings only parameters of the schema; a schema without the parameter `setting` has no preset.
 */
export function withPreset(schema: z.ZodObject, params: Values, initArgs: Values = {}): Values {
  const name = { ...params, ...initArgs }['setting'];
  const known = 'setting' in schema.shape && isPreset(name) ? presets[name] : {};
  const brought = Object.fromEntries(Object.entries(known).filter(([parameter]) => parameter in schema.shape));
  return { ...params, ...brought, ...initArgs };
}

/** The preset that resolved parameters name in `setting`; null for a module without that parameter. */
export function presetOf(values: Values): PresetName | null {
  const { setting } = values;
  return isPreset(setting) ? setting : null;
}

function isPreset(name: unknown): name is PresetName {
  return typeof name === 'string' && Object.hasOwn(presets, name);
}
