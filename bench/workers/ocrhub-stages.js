// As ocrhub.js, with the CPU seconds of each stage beside the texts.
import { decodeImage, Detector, Recognizer, systemParams, TextSystem, withSetting } from 'ocrhub';
import { root } from '../harness.js';
import { serve } from './line-protocol.js';

const { params: given, threads } = JSON.parse(process.argv[2]);
const { configureEngine, engineComplete } = await import(`${root}/dist/runtime/ocr/configure.js`);
configureEngine({ threads });
const params = systemParams.parse(withSetting(systemParams, {}, given));
const stages = { decode: 0, detect: 0, recognise: 0 };
const detector = await Detector.create(params);
const recognizer = await Recognizer.create(params);
await engineComplete();
const system = new TextSystem({
  params,
  detector: { detect: (image, overlay) => counted('detect', () => detector.detect(image, overlay)) },
  recognizer: { recognize: (lines) => counted('recognise', () => recognizer.recognize(lines)) },
});

await serve(
  async (picture) => {
    const start = process.cpuUsage();
    const lines = await system.read(await counted('decode', () => decodeImage(picture)));
    const texts = lines.map(({ text }) => text);
    // Crops, reading order and all that stands between the stages.
    const rest = secondsSince(start) - stages.decode - stages.detect - stages.recognise;
    return { texts, stages: { ...stages, rest } };
  },
  { versions: {}, detector: `${params.det_limit_type} ${params.det_limit_side_len}` },
);

async function counted(stage, work) {
  const start = process.cpuUsage();
  const result = await work();
  stages[stage] += secondsSince(start);
  return result;
}

function secondsSince(start) {
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
}
