import { describe, expect, it } from 'vitest';
import { check, keysOf } from '../../../src/runtime/values/check.js';
import { classifierParams } from '../../../src/runtime/ocr/classify/params.js';
import { detectorParams } from '../../../src/runtime/ocr/detect/params.js';
import { perRequestParams, systemParams, type SystemOverlay } from '../../../src/runtime/ocr/params.js';
import { recognizerParams } from '../../../src/runtime/ocr/recognize/params.js';

/** The parameters that a request may set. The compiler compares them with the type, a test with the schema. */
const settable: Record<keyof SystemOverlay, true> = {
  det_limit_side_len: true,
  det_limit_type: true,
  det_max_side_limit: true,
  det_min_side: true,
  det_border: true,
  det_slice: true,
  det_small_print: true,
  det_db_thresh: true,
  det_db_box_thresh: true,
  det_db_unclip_ratio: true,
  use_dilation: true,
  det_db_score_mode: true,
  det_whole_pixels: true,
  cls_thresh: true,
  rec_model: true,
  return_word_box: true,
  page_rotation: true,
  use_angle_cls: true,
  reading_order: true,
  drop_score: true,
};

describe('parameter schemas', () => {
  it('have the defaults of the ocr_system hub module, except a lower box threshold', () => {
    expect(systemParams.parse({})).toMatchObject({
      det_limit_side_len: 960,
      det_limit_type: 'max',
      det_db_thresh: 0.3,
      det_db_box_thresh: 0.4,
      det_db_unclip_ratio: 1.6,
      use_dilation: false,
      cls_batch_num: 30,
      cls_thresh: 0.9,
      drop_score: 0.5,
      use_angle_cls: false,
      use_gpu: false,
    });
  });

  it('of the system contain every field of the stages', () => {
    const stages = [detectorParams, classifierParams, recognizerParams].flatMap(keysOf);
    expect(keysOf(systemParams)).toEqual(expect.arrayContaining(stages));
  });

  it('describe every field and name its source', () => {
    for (const [name, field] of Object.entries(systemParams.shape)) {
      expect(field.meta()?.description, name).toBeTruthy();
      expect(field.meta()?.source, name).toBeTruthy();
    }
  });

  it('refuse polygons by name', () => {
    expect(() => check(detectorParams, { det_box_type: 'poly' }, 'init_args')).toThrow(/polygons .* not supported/);
  });

  it.each([
    ['det_db_thresh', 1.5],
    ['drop_score', '0.5'],
    ['rec_image_shape', '3x48x320'],
    ['rec_image_shape', '3, 0, 320'],
    ['rec_image_shape', '3, 99999999, 320'],
    ['cls_image_shape', '3, 48, 0'],
    ['det_limit_type', 'both'],
    ['rec_batch_num', 0],
  ])('refuse %s = %j and name the key', (name, value) => {
    expect(() => check(systemParams, { [name]: value }, 'init_args')).toThrow(name);
  });

  it.each(['3, 8, 8', '3, 32, 100', '3, 32, 320', '3, 48, 192', '3,80,160', '3, 640, 3200'])(
    'accept the line shape %s',
    (shape) => {
      expect(systemParams.parse({ rec_image_shape: shape, cls_image_shape: shape }).rec_image_shape).toBe(shape);
    },
  );

  it.each(['3, 7, 320', '3, 641, 320', '3, 48, 7', '3, 48, 3201'])(
    'refuse the line shape %s and name the allowed range',
    (shape) => {
      expect(() => check(recognizerParams, { rec_image_shape: shape }, 'init_args')).toThrow(
        /must be "3, height, width" with a height of 8 to 640 and a width of 8 to 3200/,
      );
    },
  );

  it('allow a request to set thresholds but no parameter of a loaded model', () => {
    const overlay = perRequestParams(systemParams);
    expect(overlay.parse({ drop_score: 0.2 })).toEqual({ drop_score: 0.2 });
    expect(keysOf(overlay)).toEqual(Object.keys(settable));
    expect(overlay.safeParse({ rec_model_dir: 'x' }).success).toBe(false);
  });
});
