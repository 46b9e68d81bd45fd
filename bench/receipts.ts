/**
 * CPU time and accuracy of ocrhub's pipeline on labelled receipts, in one process with one thread.
 *
 *   node bench/run.js receipts [folder] [name=value ...]
 *
 * `folder` holds NAME.jpg with NAME.csv (a line `x1,y1,x2,y2,x3,y3,x4,y4,TEXT` per text line); the default is
 * ../shared/data/receipts. `name=value` sets a parameter, e.g. det_limit_side_len=736 or use_angle_cls=true. `threads=2` sets
 * the threads of the engine.
 *
 * CPU seconds are user + system of the process and all its threads. `session.run` is timed inside the sessions; word F1
 * and line recall are explained in lib/score.ts.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { rotate180 } from '../src/runtime/image/rotate.js';
import { Classifier } from '../src/runtime/ocr/classify/classifier.js';
import { lineCropper } from '../src/runtime/ocr/crop-lines.js';
import { decodeImage } from '../src/runtime/document/decode-image.js';
import { Detector } from '../src/runtime/ocr/detect/detector.js';
import { systemParams } from '../src/runtime/ocr/params.js';
import { modelsInUse } from '../src/runtime/trace/models-in-use.js';
import type { QuantizedRole } from '../src/runtime/ocr/precision/choose-model.js';
import { withPreset } from '../src/runtime/ocr/presets.js';
import { topEdgeOrder } from '../src/runtime/ocr/order/top-edge-order.js';
import { Recognizer } from '../src/runtime/ocr/recognize/recognizer.js';
import { openSession, type SessionOptions } from '../src/runtime/inference/session.js';
import { resolveHome } from '../src/runtime/config/home.js';
import { deviceOf } from '../src/runtime/ocr/shared-params.js';
import { resolveModel } from '../src/runtime/models/resolve.js';
import { cpuSecondsSince } from './lib/cpu-time.js';
import { root } from './lib/ocrhub.js';
import { readLabels, Score } from './lib/score.js';
import { sum } from './lib/statistics.js';

const settings = new Map(
  process.argv
    .slice(2)
    .filter((word) => word.includes('='))
    .map((word) => word.split('=', 2) as [string, string]),
);
const folder =
  process.argv.slice(2).find((word) => !word.includes('=')) ?? path.join(root, '..', 'shared', 'data', 'receipts');
const threads = Number(settings.get('threads') ?? 1);
settings.delete('threads');
const given = Object.fromEntries([...settings].map(([name, value]) => [name, parsed(value)]));
const params = systemParams.parse(withPreset(systemParams, {}, given));

const detector = await Detector.create({ ...params, threads });
const recognizer = await Recognizer.create({ ...params, threads });
const classifier = params.use_angle_cls ? await Classifier.create({ ...params, threads }) : undefined;
// The options of Detector and LineReader; with others, openSession would open a session that they do not run.
const detection = await timed('det', params.det_model_dir, { threads, keepMemory: params.det_keep_memory });
const recognition = await timed('rec', params.rec_model_dir, { threads: 1 });

const crop = lineCropper(params, recognizer.lineHeight);
const times = { decode: 0, detect: 0, crop: 0, classify: 0, recognize: 0 };
const score = new Score();
const names = readdirSync(folder).filter((name) => name.endsWith('.jpg'));
await readReceipt(names[0] ?? '', false);
const wallStart = performance.now();
for (const name of names) await readReceipt(name, true);
const wall = (performance.now() - wallStart) / 1000;

if (detection.seconds === 0 || recognition.seconds === 0) throw new Error('a network ran that is not timed');

const each = (seconds: number): string => (seconds / names.length).toFixed(4);
const total = sum(Object.values(times));
const rows: [string, string][] = [
  ['receipts', String(names.length)],
  ['wall s a receipt', each(wall)],
  ['CPU s a receipt', each(total)],
  ['  decode', each(times.decode)],
  ['  detect: session.run', each(detection.seconds)],
  ['  detect: before and after', each(times.detect - detection.seconds)],
  ['  crop', each(times.crop)],
  ['  classify', each(times.classify)],
  ['  recognize: session.run', each(recognition.seconds)],
  ['  recognize: before and after', each(times.recognize - recognition.seconds)],
  ['word F1', score.wordF1.toFixed(4)],
  ['line recall', score.lineRecall.toFixed(4)],
  ['resident MB', (process.resourceUsage().maxRSS / 1024).toFixed(0)],
];
for (const [name, value] of rows) console.log(`${name.padEnd(32)}${value.padStart(10)}`);

async function readReceipt(name: string, counted: boolean): Promise<void> {
  if (!counted) {
    detection.seconds = recognition.seconds = 0;
  }
  const bytes = readFileSync(path.join(folder, name));
  const spent = { ...times };
  const image = await cpu('decode', () => decodeImage(bytes));
  const boxes = await cpu('detect', () => detector.detect(image));
  const crops = await cpu('crop', () => Promise.resolve(topEdgeOrder(boxes).map((box) => crop(image, box))));
  const angles = await cpu('classify', () => classifier?.classify(crops) ?? Promise.resolve([]));
  const upright = crops.map((line, i) => {
    const angle = angles[i];
    return angle?.angle === '180' && angle.confidence > params.cls_thresh ? rotate180(line) : line;
  });
  const texts = await cpu('recognize', () => recognizer.recognize(upright));
  if (!counted) {
    Object.assign(times, spent);
    detection.seconds = recognition.seconds = 0;
    return;
  }
  const kept = texts.filter(({ confidence }) => confidence >= params.drop_score).map(({ text }) => text);
  score.add(kept, readLabels(path.join(folder, name.replace(/jpg$/, 'csv'))));
}

async function cpu<T>(stage: keyof typeof times, work: () => Promise<T>): Promise<T> {
  const start = process.cpuUsage();
  const result = await work();
  times[stage] += cpuSecondsSince(start);
  return result;
}

/** Counts the CPU time of the network in use, f32 or int8. The stage runs the same session. */
async function timed(role: QuantizedRole, name: string, options: SessionOptions): Promise<{ seconds: number }> {
  const used = modelsInUse().find((model) => model.role === role);
  // modelsInUse() has only the last part of the path of a user's own model.
  const { file } = resolveModel(
    role,
    used === undefined || used.precision === 'own' ? name : used.model,
    resolveHome(),
  );
  const session = await openSession(file, { ...options, device: deviceOf(params) });
  const counter = { seconds: 0 };
  const run = session.run.bind(session);
  session.run = async (data, dims) => {
    const start = process.cpuUsage();
    const output = await run(data, dims);
    counter.seconds += cpuSecondsSince(start);
    return output;
  };
  return counter;
}

function parsed(value: string): unknown {
  if (value === 'true' || value === 'false') return value === 'true';
  return value !== '' && !Number.isNaN(Number(value)) ? Number(value) : value;
}
