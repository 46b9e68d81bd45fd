import { expect, it } from 'vitest';
import { OcrHubError } from '../../../src/runtime/errors/error.js';
import { root } from '../../helpers/cli.js';
import { toAnswerError } from '../../../src/runtime/module/module-error.js';

it("hints at the module's own lines, and keeps the whole stack for the log", () => {
  const error = new Error('no licence');
  error.stack = [
    'Error: no licence',
    '    at licence (/mine/licence.ts:3:9)',
    '    at Object.predict (/mine/module.ts:7:3)',
    `    at LoadedModule.#predict (${root}/src/runtime/module/loaded-module.ts:73:31)`,
    `    at async serve (file://${root}/dist/runtime/worker/main.js:90:5)`,
    '    at process.processTicksAndRejections (node:internal/process/task_queues:95:5)',
  ].join('\n');
  const answer = toAnswerError(error, 'mine');
  expect(answer.message).toBe('no licence');
  expect(answer.hint).toBe('at licence (/mine/licence.ts:3:9)\nat Object.predict (/mine/module.ts:7:3)');
  expect(answer.details).toMatchObject({ module: 'mine', stack: error.stack });
});

it('has no line to hint at where what was thrown is no Error', () => {
  expect(toAnswerError('no licence', 'mine')).toMatchObject({ message: "'no licence'", hint: '' });
});

it("leaves ocrhub's own errors as they are", () => {
  const error = new OcrHubError('image_unreadable', { reason: 'unknown format' });
  expect(toAnswerError(error, 'mine')).toBe(error);
});
