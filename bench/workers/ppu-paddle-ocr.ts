/** ppu-paddle-ocr. Arguments: the folder where it is installed, and the folder of models; its package holds none. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { serve } from './line-protocol.js';

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The part of the package's API that is used here; the package is installed by the benchmark alone. */
interface PpuPaddleOcr {
  readonly PaddleOcrService: new (options: { readonly model: Readonly<Record<string, string>> }) => {
    initialize(): Promise<void>;
    recognize(
      picture: ArrayBuffer,
      options: { readonly flatten: true; readonly noCache: true },
    ): Promise<{ readonly results: readonly { readonly text: string; readonly box: Box }[] }>;
  };
}

const [installed = '', models = ''] = process.argv.slice(2);
const entry = createRequire(path.join(installed, 'package.json')).resolve('ppu-paddle-ocr');
const { PaddleOcrService } = (await import(pathToFileURL(entry).href)) as PpuPaddleOcr;
const service = new PaddleOcrService({
  model: {
    detection: path.join(models, 'PP-OCRv6_det_small.onnx'),
    recognition: path.join(models, 'PP-OCRv6_rec_small.onnx'),
    charactersDictionary: path.join(models, 'ppocrv6_dict.txt'),
  },
});
await service.initialize();

await serve(
  async (picture) => {
    // Without noCache it would answer a repeated picture from memory.
    const { results } = await service.recognize(new Uint8Array(picture).buffer, { flatten: true, noCache: true });
    return { texts: results.map(({ text }) => text), boxes: results.map(({ box }) => corners(box)) };
  },
  {
    versions: { 'ppu-paddle-ocr': versionOf('ppu-paddle-ocr'), 'onnxruntime-node': versionOf('onnxruntime-node') },
    detector: '0.75 × longest, 960 to 1920',
  },
);

function corners({ x, y, width, height }: Box): [number, number][] {
  return [
    [x, y],
    [x + width, y],
    [x + width, y + height],
    [x, y + height],
  ];
}

function versionOf(name: string): string {
  const file = path.join(installed, 'node_modules', name, 'package.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
