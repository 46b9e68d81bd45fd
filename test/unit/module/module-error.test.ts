import { expect, it } from 'vitest';
import { OcrHubError } from '../../../src/runtime/errors/error.js';
import { root } from '../../helpers/cli.js';
import { toAnswerError } from '../../../src/runtime/module/module-error.js';

it("the hint of a module's error has the module's own frames, and its details have the whole stack", () => {
  const error = new Error('no license');
  error.stack = [
    'Error: no license',
    '    at license (/mine/license.ts:3:9)',
    '    at Object.predict (/mine/module.ts:7:3)',
    `    at LoadedModule.#predict (${root}/src/runtime/module/loaded-module.ts:73:31)`,
    `    at async serve (file://${root}/dist/runtime/worker/main.js:90:5)`,
    '    at process.processTicksAndRejections (node:internal/process/task_queues:95:5)',
  ].join('\n');
  const answer = toAnswerError(error, 'mine');
  expect(answer.message).toBe('no license');
  expect(answer.hint).toBe('at license (/mine/license.ts:3:9)\nat Object.predict (/mine/module.ts:7:3)');
  expect(answer.details).toMatchObject({ module: 'mine', stack: error.stack });
});

it('the hint is empty if a module throws a value that is not an Error', () => {
  expect(toAnswerError('no license', 'mine')).toMatchObject({ message: "'no license'", hint: '' });
});

it("toAnswerError returns ocrhub's own errors unchanged", () => {
  const error = new OcrHubError('image_unreadable', { reason: 'unknown format' });
  expect(toAnswerError(error, 'mine')).toBe(error);
});
