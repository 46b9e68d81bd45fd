// ppu-paddle-ocr: node ppu-paddle-ocr.js FOLDER_OF_THE_PACKAGE FOLDER_OF_MODELS. Its package holds no models.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { serve } from './line-protocol.js';

const [installed, models] = process.argv.slice(2);
const packageFile = (...names) => path.join(installed, 'node_modules', ...names);
const entry = createRequire(path.join(installed, 'package.json')).resolve('ppu-paddle-ocr');
const { PaddleOcrService } = await import(pathToFileURL(entry).href);
const service = new PaddleOcrService({
  model: {
    detection: path.join(models, 'PP-OCRv6_det_small.onnx'),
    recognition: path.join(models, 'PP-OCRv6_rec_small.onnx'),
    charactersDictionary: path.join(models, 'ppocrv6_dict.txt'),
  },
});
await service.initialize();

// Without noCache a picture that it has seen before would be answered from memory.
const read = async (picture) => {
  const bytes = picture.buffer.slice(picture.byteOffset, picture.byteOffset + picture.byteLength);
  const { results } = await service.recognize(bytes, { flatten: true, noCache: true });
  return results.map(({ text }) => text);
};
const versions = Object.fromEntries(
  ['ppu-paddle-ocr', 'onnxruntime-node'].map((name) => [
    name,
    JSON.parse(readFileSync(packageFile(name, 'package.json'), 'utf8')).version,
  ]),
);
await serve(read, { versions, detector: '0.75 × longest, 960 to 1920' });
