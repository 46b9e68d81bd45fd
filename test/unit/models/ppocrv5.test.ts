import { existsSync } from 'node:fs';
import { readFile, symlink } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { decodeImage } from '../../../src/runtime/document/decode-image.js';
import { systemParams } from '../../../src/runtime/ocr/params.js';
import { TextSystem } from '../../../src/runtime/ocr/text-system.js';
import { root } from '../../helpers/cli.js';
import { temporaryFolder } from '../../helpers/home.js';

const shared = path.join(root, '..', 'shared', 'models');
const names = {
  'det.onnx': 'PP-OCRv5_mobile_det.onnx',
  'rec.onnx': 'PP-OCRv5_mobile_rec.onnx',
  'dict.txt': 'ppocr_keys_v5.txt',
};
const absent = Object.values(names).find((name) => !existsSync(path.join(shared, name)));

describe('a folder with the PP-OCRv5 mobile models', () => {
  it('reads a page', async ({ skip }) => {
    skip(absent !== undefined, `${absent ?? ''} is not in ${shared}`);
    const folder = await temporaryFolder();
    for (const [name, file] of Object.entries(names)) await symlink(path.join(shared, file), path.join(folder, name));
    const system = await TextSystem.create(systemParams.parse({ det_model_dir: folder, rec_model_dir: folder }));
    const page = await decodeImage(await readFile(path.join(root, 'test', 'fixtures', 'demo.jpg')));
    const texts = (await system.read(page)).map(({ text }) => text);
    expect(texts).toHaveLength(16);
    for (const text of [
      '山水茶馆',
      'Mountain and River Tea House',
      'Green tea',
      '68.00',
      '春天的新茶已经到店，欢迎您来品尝。',
    ])
      expect(texts).toContain(text);
  });
});
