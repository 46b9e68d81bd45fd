import { describe, expect, it } from 'vitest';
import * as api from '../../../src/runtime/index.js';
import { classifierParams } from '../../../src/runtime/ocr/classify/params.js';
import { detectorParams } from '../../../src/runtime/ocr/detect/params.js';
import { systemParams } from '../../../src/runtime/ocr/params.js';
import { presets, withPreset } from '../../../src/runtime/ocr/presets.js';

describe('withPreset', () => {
  it('does not change params.ts with the preset default', () => {
    const params = { setting: 'default', det_limit_side_len: 800 };
    expect(withPreset(systemParams, params)).toEqual(params);
    expect(withPreset(systemParams, { ...params, setting: 'accurate' }, { setting: 'default' })).toEqual(params);
  });

  it('overrides params.ts with the preset, and the preset with init_args', () => {
    const params = { setting: 'reference', det_limit_side_len: 800, rec_batch_num: 1 };
    expect(withPreset(systemParams, params, { rec_batch_num: 3 })).toEqual({
      ...presets.reference,
      setting: 'reference',
      rec_batch_num: 3,
    });
  });

  it('prefers the preset of init_args to the preset of params.ts', () => {
    const { det_limit_side_len } = withPreset(systemParams, { setting: 'fast' }, { setting: 'accurate' });
    expect(det_limit_side_len).toBe(presets.accurate.det_limit_side_len);
  });

  it('adds only parameters of the schema, and none to a schema without presets', () => {
    expect(withPreset(detectorParams, { setting: 'reference' })).not.toHaveProperty('rec_batch_num');
    expect(withPreset(classifierParams, {}, { setting: 'reference' })).toEqual({ setting: 'reference' });
  });

  it('is also exported under its name of version 0.1, withSetting', () => {
    expect(api).toHaveProperty('withSetting', withPreset);
  });

  it('does not refuse an unknown preset, which the check of the values does', () => {
    expect(withPreset(systemParams, { setting: 'constructor' })).toEqual({ setting: 'constructor' });
  });

  it.each(Object.entries(presets))('accepts the preset %s, whose values are valid parameters', (_name, values) => {
    expect(() => systemParams.parse(values)).not.toThrow();
  });
});
