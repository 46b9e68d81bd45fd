import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { Recognizer } from '../../../../src/runtime/ocr/recognize/recognizer.js';
import { requireProbabilities } from '../../../../src/runtime/ocr/recognize/line-reader.js';
import { winnersOf } from '../../../../src/runtime/ocr/recognize/ctc.js';
import { temporaryFolder } from '../../../helpers/home.js';
import { toyNetwork } from '../../../helpers/toy-network.js';

const network = (...values: number[]) => [{ data: Float32Array.from(values), dims: [1, values.length / 4, 4] }];
const reduced = (...values: number[]) => [
  { data: new Float32Array(values.length), dims: [1, values.length] },
  { data: Float32Array.from(values), dims: [1, values.length] },
];

it.each([
  ['scores', network(38.9, -4, 2, 1), 'sum to 37.9'],
  ['logarithms of probabilities', network(-0.01, -5, -6, -7), 'sum to -18.01'],
  ['a sigmoid of each class', network(0.9, 0.8, 0.4, 0.1), 'sum to 2.2'],
  ['scores from the second step on', network(1, 0, 0, 0, 9, 1, 0, 0), 'a best class has 9'],
  ['the best scores alone', reduced(0.9, 38.9), 'a best class has 38.9'],
  ['the best logarithms alone', reduced(-0.5), 'a best class has -0.5'],
  ['no numbers', network(NaN, NaN, NaN, NaN), 'sum to NaN'],
])('a recognizer that answers %s is refused', (_, outputs, problem) => {
  expect(() => requireProbabilities(winnersOf(outputs), 'net.onnx')).toThrow(problem);
});

it.each([
  ['probabilities', network(0.7, 0.1, 0.1, 0.1, 0, 1, 0, 0)],
  ['probabilities that 16 bits round', network(0.7, 0.1, 0.1, 0.07)],
  ['the best probabilities alone', reduced(0.9, 1.0000001, 0.2)],
])('a recognizer that answers %s is taken', (_, outputs) => {
  expect(() => requireProbabilities(winnersOf(outputs), 'net.onnx')).not.toThrow();
});

it('a network without a softmax is refused when it reads, with the file and what to add', async () => {
  const folder = await temporaryFolder();
  const [file, dict] = [path.join(folder, 'rec.onnx'), path.join(folder, 'dict.txt')];
  await writeFile(file, toyNetwork(['n', 3, 48, 320], ['n', 48, 320]));
  await writeFile(dict, Array.from({ length: 318 }, (_, i) => String.fromCodePoint(0x4e00 + i)).join('\n'));
  const recognizer = await Recognizer.create({ rec_model_dir: file, rec_char_dict_path: dict });
  const white = { width: 320, height: 48, data: new Uint8Array(320 * 48 * 3).fill(255) };
  await expect(recognizer.recognize([white])).rejects.toMatchObject({
    code: 'model_mismatch',
    message: expect.stringMatching(/rec\.onnx cannot be used: it answers scores.*Softmax/) as string,
  });
  await recognizer.dispose();
});
