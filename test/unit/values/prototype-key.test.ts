import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readConfigFile } from '../../../src/runtime/options/config-file.js';
import { prototypeKey } from '../../../src/runtime/values/prototype-key.js';
import { writeFiles } from '../../helpers/files.js';
import { temporaryFolder } from '../../helpers/home.js';

it.each([
  ['{"__proto__": 1}', ['__proto__']],
  ['{"a": [{"b": {"__proto__": {}}}]}', ['a', '0', 'b', '__proto__']],
  ['{"constructor": 1, "prototype": {"toString": []}}', undefined],
  ['["__proto__", null, 1]', undefined],
  [`${'['.repeat(5000)}{"__proto__": 1}${']'.repeat(5000)}`, [...Array<string>(5000).fill('0'), '__proto__']],
])('prototypeKey finds the key in %s', (json, found) => {
  expect(prototypeKey(JSON.parse(json))).toEqual(found);
});

it('prototypeKey looks into no bytes', () => {
  expect(prototypeKey({ bytes: Buffer.alloc(10_000_000) })).toBeUndefined();
});

describe('a config file', () => {
  it.each([
    ['{"modules_info": {"__proto__": {}, "ocr_det": {}}}', 'modules_info.__proto__'],
    [
      '{"modules_info": {"ocr_det": {"init_args": {"__proto__": {"drop_score": 1}}}}}',
      'modules_info.ocr_det.init_args.__proto__',
    ],
    [
      '{"modules_info": {"ocr_det": {"predict_args": {"__proto__": 1}}}}',
      'modules_info.ocr_det.predict_args.__proto__',
    ],
    ['{"modules_info": {"ocr_det": {"init_args": {"a": [{"__proto__": 1}]}}}}', 'init_args.a.0.__proto__'],
    ['{"modules_info": {"ocr_det": {}}, "__proto__": {"port": 1}}', '__proto__'],
  ])('is refused for the key __proto__: %s', async (json, place) => {
    const file = path.join(await writeFiles(await temporaryFolder(), { 'c.json': json }), 'c.json');
    await expect(readConfigFile(file)).rejects.toThrow(place);
    expect('drop_score' in {}).toBe(false);
    expect('port' in {}).toBe(false);
  });

  it('may have modules and arguments with the names of properties that every object has', async () => {
    const json = '{"modules_info": {"constructor": {"init_args": {"prototype": 1, "toString": 2}}}}';
    const file = path.join(await writeFiles(await temporaryFolder(), { 'c.json': json }), 'c.json');
    const { modules_info: modules } = await readConfigFile(file);
    expect(Object.entries(modules)).toEqual([
      ['constructor', { init_args: { prototype: 1, toString: 2 }, predict_args: {} }],
    ]);
  });
});
