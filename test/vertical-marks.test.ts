import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeImage } from '../src/runtime/document/decode-image.js';
import { systemParams } from '../src/runtime/ocr/params.js';
import { TextSystem } from '../src/runtime/ocr/text-system.js';
import { fixtureBytes } from './helpers/pictures.js';

/** Pictures 3 and 17 of `node bench/run.js kinds --kind vertical-marks --seed choose`. */
const columns = {
  japanese: ['ゴールまで走った。コー', 'ヒーを飲んだ。ゴールま', 'で走った。静かな夜だっ', 'た。ちょっと待って、ま'],
  chinese: ['春眠不觉晓，', '《红楼梦》因为', '下雨，我们去公', '园。一月、二月'],
} as const;

describe.each(['f32', 'int8'] as const)('the marks of vertical text, in %s', (precision) => {
  let system: TextSystem;
  beforeAll(async () => {
    system = await TextSystem.create(systemParams.parse({ precision }));
  });
  afterAll(() => system.dispose());

  it.each(['japanese', 'chinese'] as const)('are read in %s', async (language) => {
    const lines = await system.read(await decodeImage(fixtureBytes(`vertical/${language}.png`)));
    expect(lines.map(({ text }) => text)).toEqual(columns[language]);
  });

  it('are skipped without read_vertical_marks', async () => {
    const plain = await TextSystem.create(systemParams.parse({ precision, read_vertical_marks: false }));
    const lines = await plain.read(await decodeImage(fixtureBytes('vertical/japanese.png')));
    await plain.dispose();
    expect(lines.map(({ text }) => text).join('')).not.toMatch(/ー|っ|。/);
  });
});
