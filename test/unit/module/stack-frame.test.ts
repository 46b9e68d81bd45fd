import { expect, it } from 'vitest';
import { root } from '../../helpers/cli.js';
import { createFrameTest, isOwnFrame } from '../../../src/runtime/module/stack-frame.js';

const posix = createFrameTest('/opt/my (own) apps/ocrhub', { windows: false });
const windows = createFrameTest('C:\\Program Files\\ocrhub', { windows: true });

it.each([
  ['a file', `    at LoadedModule.load (${root}/src/runtime/module/loaded-module.ts:73:31)`],
  ['a file without a function', `    at async ${root}/dist/runtime/worker/main.js:90:5`],
  ['a file of Node.js', '    at process.processTicksAndRejections (node:internal/process/task_queues:95:5)'],
  ['a file of Node.js without a function', '    at node:internal/main/run_main_module:23:49'],
])('isOwnFrame recognizes %s', (_, line) => {
  expect(isOwnFrame(line)).toBe(true);
});

it.each([
  ['a path with spaces', '    at async serve (/opt/my (own) apps/ocrhub/dist/runtime/worker/main.js:90:5)'],
  ['a path with spaces alone', '    at /opt/my (own) apps/ocrhub/src/runtime/worker/main.ts:90:5'],
  ['a URL with spaces', '    at serve (file:///opt/my%20(own)%20apps/ocrhub/dist/runtime/worker/main.js:90:5)'],
  ['a URL with spaces alone', '    at async file:///opt/my%20(own)%20apps/ocrhub/dist/main.js:9'],
])('a frame test recognizes %s', (_, line) => {
  expect(posix(line)).toBe(true);
});

it.each([
  ['a path of Windows', '    at serve (C:\\Program Files\\ocrhub\\dist\\runtime\\worker\\main.js:90:5)'],
  ['another case of the drive', '    at new Pool (c:\\Program Files\\ocrhub\\src\\runtime\\pool\\pool.ts:9:5)'],
  ['a URL of Windows', '    at async serve (file:///C:/Program%20Files/ocrhub/dist/runtime/worker/main.js:90:5)'],
])('a frame test recognizes %s', (_, line) => {
  expect(windows(line)).toBe(true);
});

it.each([
  ["a module's file", '    at Object.predict (/mine/module.ts:7:3)'],
  ["a module's file in a folder that ends like ocrhub's", `    at f (/mine${root}/dist/module.ts:7:3)`],
  ["a module's file beside ocrhub's folders", `    at f (${root}/distant/module.ts:7:3)`],
  ["a module's file whose path contains node:", '    at f (/mine/node:fs/module.ts:7:3)'],
  ['a function called node:', '    at Object.node:f (/mine/module.ts:7:3)'],
  ['a stock package', `    at f (${root}/src/modules/ocr_det/module.ts:7:3)`],
  ['a message that names a file of ocrhub', `Error: at ${root}/dist/main.js:1:1`],
  ['a frame without a file', '    at Array.map (<anonymous>)'],
])('isOwnFrame does not recognize %s', (_, line) => {
  expect(isOwnFrame(line)).toBe(false);
});
