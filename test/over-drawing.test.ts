import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeImage } from '../src/runtime/document/decode-image.js';
import { systemParams } from '../src/runtime/ocr/params.js';
import { TextSystem } from '../src/runtime/ocr/text-system.js';
import { fixtureBytes } from './helpers/pictures.js';

/** Pictures of `node bench/run.js kinds --kind over-drawing --seed choose`, by their numbers. */
const words = { 38: '系统日志操作打', 57: '位置明天', 66: '数据一定', 78: '公司图' } as const;

describe.each(['f32', 'int8'] as const)('words cut out of a drawing, in %s', (precision) => {
  let system: TextSystem;
  beforeAll(async () => {
    system = await TextSystem.create(systemParams.parse({ precision }));
  });
  afterAll(() => system.dispose());

  it.each([38, 57, 66, 78] as const)('picture %d is read without a frame', async (number) => {
    const lines = await system.read(await decodeImage(fixtureBytes(`over-drawing/${number}.png`)));
    expect(lines.map(({ text }) => text)).toEqual([words[number]]);
  });

  it('lines below drop_score are dropped, framed or not', async () => {
    const image = await decodeImage(fixtureBytes('over-drawing/57.png'));
    const [line] = await system.read(image);
    expect(line?.confidence).toBeGreaterThan(0.5);
    expect(await system.read(image, { drop_score: 1 })).toEqual([]);
  });
});
