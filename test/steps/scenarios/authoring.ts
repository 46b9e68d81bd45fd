import { cp, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { root } from '../../helpers/cli.js';
import { filesBelow, type Scenario } from './scenario.js';

export const authoring: readonly Scenario[] = [
  {
    title: 'create',
    args: () => ['create', 'mine'],
    below: ['.'],
    state: ({ folder }) => filesBelow(path.join(folder, 'mine')),
    whenDone: [4],
    prepare: () => Promise.resolve(),
  },
  {
    title: 'convert',
    args: () => ['convert', '--rec', './model/rec.onnx', '--dict', './model/dict.txt', '--name', 'mine'],
    below: ['.'],
    // A set without a package is none of these: the same command takes it.
    async state({ folder, home }) {
      const made = await filesBelow(path.join(folder, 'mine'));
      return made.length === 0 ? 'nothing' : [made, await filesBelow(path.join(home, 'models', 'mine'))];
    },
    whenDone: [4],
    async prepare({ folder }) {
      await mkdir(path.join(folder, 'model'));
      await cp(path.join(root, 'models', 'PP-OCRv6_rec_small-int8.onnx'), path.join(folder, 'model', 'rec.onnx'));
      await cp(path.join(root, 'models', 'ppocrv6_dict.txt'), path.join(folder, 'model', 'dict.txt'));
    },
  },
];
