/** As ocrhub.ts, with the CPU seconds of each stage beside the texts. */
import { decodeImage, Detector, Recognizer, TextSystem } from 'ocrhub';
import { cpuSecondsSince } from '../lib/cpu-time.js';
import { serve } from './line-protocol.js';
import { pipelineOptions } from './ocrhub-pipeline.js';

const { params, threads } = pipelineOptions();
const stages = { decode: 0, detect: 0, recognize: 0 };
const detector = await Detector.create({ ...params, threads });
const recognizer = await Recognizer.create({ ...params, threads });
await recognizer.ready();
const system = new TextSystem({
  params,
  detector: { detect: (image, overlay) => counted('detect', () => detector.detect(image, overlay)) },
  recognizer: {
    lineHeight: recognizer.lineHeight,
    recognize: (lines) => counted('recognize', () => recognizer.recognize(lines)),
  },
});

await serve(
  async (picture) => {
    const start = process.cpuUsage();
    const lines = await system.read(await counted('decode', () => decodeImage(picture)));
    const texts = lines.map(({ text }) => text);
    // Crops, reading order and everything else between the stages.
    const rest = cpuSecondsSince(start) - stages.decode - stages.detect - stages.recognize;
    return { texts, stages: { ...stages, rest } };
  },
  { versions: {}, detector: `${params.det_limit_type} ${params.det_limit_side_len}` },
);

async function counted<T>(stage: keyof typeof stages, work: () => Promise<T>): Promise<T> {
  const start = process.cpuUsage();
  const result = await work();
  stages[stage] += cpuSecondsSince(start);
  return result;
}
