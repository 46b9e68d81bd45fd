import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { readModels } from '../../../src/runtime/authoring/convert/read-models.js';
import { homeAt } from '../../../src/runtime/config/home.js';
import { temporaryFolder } from '../../helpers/home.js';
import { toyNetwork } from '../../helpers/toy-network.js';

it.each([
  [
    'rec',
    ['n', 48, 320, 3],
    'its input is ? x 48 x 320 x 3, a recognizer takes ? x 3 x ? x ?; the channels come first',
  ],
  ['rec', [1, 32, 'w', 3], 'its input is 1 x 32 x ? x 3, a recognizer takes ? x 3 x ? x ?; the channels come first'],
  ['cls', ['n', 48, 192, 3], 'its input is ? x 48 x 192 x 3, a line classifier takes ? x 3 x ? x ?; the channels come'],
  ['det', [1, 640, 640, 3], 'its input is 1 x 640 x 640 x 3, a detector takes ? x 3 x ? x ?; the channels come first'],
  ['rec', ['n', 1, 48, 320], 'its input is ? x 1 x 48 x 320, a recognizer takes ? x 3 x ? x ?'],
] as const)(
  'a %s network whose input is %j is refused with the order of its dimensions',
  async (role, input, problem) => {
    const folder = await temporaryFolder();
    const file = path.join(folder, 'net.onnx');
    const [first, , ...rest] = input;
    await writeFile(file, toyNetwork(input, [first, ...rest]));
    const dict = path.join(folder, 'dict.txt');
    await writeFile(dict, 'a\nb\n');
    const home = homeAt(folder, path.join(folder, 'config.json'));
    await expect(readModels(home, { models: { [role]: file }, dict })).rejects.toMatchObject({
      code: 'model_mismatch',
      message: expect.stringContaining(problem) as string,
    });
  },
);
