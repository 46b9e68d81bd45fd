import { describe, expect, it } from 'vitest';
import { classifierParams } from '../../../src/runtime/ocr/classify/params.js';
import { detectorParams } from '../../../src/runtime/ocr/detect/params.js';
import { systemParams } from '../../../src/runtime/ocr/params.js';
import { presets, withPreset } from '../../../src/runtime/ocr/presets.js';

describe('withPreset', () => {
  it('leaves params.ts as it is with the setting default', () => {
    const params = { setting: 'default', det_limit_side_len: 800 };
    expect(withPreset(systemParams, params)).toEqual(params);
    expect(withPreset(systemParams, { ...params, setting: 'accurate' }, { setting: 'default' })).toEqual(params);
  });

  it('puts a setting above params.ts, and init_args above the setting', () => {
    const params = { setting: 'reference', det_limit_side_len: 800, rec_batch_num: 1 };
    expect(withPreset(systemParams, params, { rec_batch_num: 3 })).toEqual({
      ...presets.reference,
      setting: 'reference',
      rec_batch_num: 3,
    });
  });

  it('takes the setting of init_args, whatever params.ts says', () => {
    const { det_limit_side_len } = withPreset(systemParams, { setting: 'fast' }, { setting: 'accurate' });
    expect(det_limit_side_len).toBe(presets.accurate.det_limit_side_len);
  });

  it('brings what the schema knows, and nothing to a schema without settings', () => {
    expect(withPreset(detectorParams, { setting: 'reference' })).not.toHaveProperty('rec_batch_num');
    expect(withPreset(classifierParams, {}, { setting: 'reference' })).toEqual({ setting: 'reference' });
  });

  it('leaves an unknown name to the check of the values', () => {
    expect(withPreset(systemParams, { setting: 'constructor' })).toEqual({ setting: 'constructor' });
  });

  it.each(Object.entries(presets))('%s holds values that the parameters allow', (_name, values) => {
    expect(() => systemParams.parse(values)).not.toThrow();
  });
});
