import { beforeEach, expect, it, vi } from 'vitest';
import { blankImage } from '../../../../src/runtime/image/image.js';
import { openSession, type Tensor } from '../../../../src/runtime/inference/session.js';
import { Classifier } from '../../../../src/runtime/ocr/classify/classifier.js';
import { classifierParams } from '../../../../src/runtime/ocr/classify/params.js';

vi.mock('../../../../src/runtime/inference/session.js', () => ({ openSession: vi.fn() }));

const run = vi.fn<(data: Float32Array, dims: readonly number[]) => Promise<readonly Tensor[]>>();
const lines = [blankImage(40, 20), blankImage(80, 20), blankImage(60, 20)];

beforeEach(() => {
  // A file without output dimensions.
  const silent = { file: 'net.onnx', inputDims: [undefined, 3, 48, 192], outputs: [{ dims: [], isInteger: false }] };
  vi.mocked(openSession).mockResolvedValue({ ...silent, run, close: () => Promise.resolve() });
});

it.each([
  ['nothing', []],
  ['3 x 1', [{ data: new Float32Array(3), dims: [3, 1] }]],
  ['2 x 2', [{ data: new Float32Array(4), dims: [2, 2] }]],
])('a classifier network is refused if its output for three lines is %s', async (answered, outputs) => {
  run.mockResolvedValue(outputs);
  const classifier = await Classifier.create(classifierParams.parse({}));
  await expect(classifier.classify(lines)).rejects.toMatchObject({
    code: 'model_mismatch',
    message: `Model net.onnx cannot be used: it answers ${answered} to 3 lines; a line classifier answers 3 x 2`,
  });
});

it('a classifier accepts two probabilities per line and returns the angles', async () => {
  run.mockResolvedValue([{ data: Float32Array.of(0.75, 0.25, 0.5, 0.5, 0.125, 0.875), dims: [3, 2] }]);
  const classifier = await Classifier.create(classifierParams.parse({}));
  const angles = (await classifier.classify(lines)).map(({ angle, confidence }) => [angle, confidence]);
  expect(angles.toSorted()).toEqual([
    ['0', 0.5],
    ['0', 0.75],
    ['180', 0.875],
  ]);
});

it.each([
  ['its first part', true, 1],
  ['the whole line, squeezed, as the original does', false, -1],
])('a classifier judges a long line by %s', async (_, cls_first_part, last) => {
  run.mockResolvedValue([{ data: Float32Array.of(1, 0), dims: [1, 2] }]);
  const long = blankImage(160, 20);
  // White where the network sees it at its own proportions: 192 x 48.
  for (let y = 0; y < 20; y++) long.data.fill(255, y * 480, y * 480 + 240);
  const classifier = await Classifier.create({ cls_first_part });
  let seen = 0;
  run.mockImplementation((data) => {
    seen = data[191] ?? 0;
    return Promise.resolve([{ data: Float32Array.of(1, 0), dims: [1, 2] }]);
  });
  await classifier.classify([long]);
  expect(seen).toBeCloseTo(last, 1);
});
