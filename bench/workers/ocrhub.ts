/** ocrhub's pipeline in this process. Needs the output of `npm run build`. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { decodeImage, TextSystem } from 'ocrhub';
import { root } from '../lib/ocrhub.js';
import { serve } from './line-protocol.js';
import { pipelineOptions } from './ocrhub-pipeline.js';

const { params, threads } = pipelineOptions();
const system = await TextSystem.create({ ...params, threads });
await system.ready();

const read = async (picture: Buffer) => {
  const lines = await system.read(await decodeImage(picture));
  return { texts: lines.map(({ text }) => text), boxes: lines.map(({ text_region }) => text_region) };
};

await serve(read, {
  versions: {
    ocrhub: versionIn(root),
    'onnxruntime-node': versionIn(path.join(root, 'node_modules', 'onnxruntime-node')),
  },
  detector: `${params.det_limit_type} ${params.det_limit_side_len}`,
});

function versionIn(folder: string): string {
  return (JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as { version: string }).version;
}
