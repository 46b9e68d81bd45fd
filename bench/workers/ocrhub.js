// ocrhub's pipeline in this process: node ocrhub.js '{"params": {...}, "threads": 1}'. Needs what `npm run build` wrote.
import { readFileSync } from 'node:fs';
import { decodeImage, systemParams, TextSystem, withSetting } from 'ocrhub';
import { root } from '../harness.js';
import { serve } from './line-protocol.js';

const { params: given, threads } = JSON.parse(process.argv[2]);
// The host of modules sets the engine; modules cannot, so "ocrhub" does not export it.
const { configureEngine, engineComplete } = await import(`${root}/dist/runtime/ocr/configure.js`);
configureEngine({ threads });
const params = systemParams.parse(withSetting(systemParams, {}, given));
const system = await TextSystem.create(params);
await engineComplete();

const read = async (picture) => (await system.read(await decodeImage(picture))).map(({ text }) => text);
const { version } = JSON.parse(readFileSync(`${root}/package.json`, 'utf8'));
const engine = JSON.parse(readFileSync(`${root}/node_modules/onnxruntime-node/package.json`, 'utf8')).version;
await serve(read, {
  versions: { ocrhub: version, 'onnxruntime-node': engine },
  detector: `${params.det_limit_type} ${params.det_limit_side_len}`,
});
