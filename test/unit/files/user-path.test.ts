import os from 'node:os';
import path from 'node:path';
import { expect, it, vi } from 'vitest';
import { givenHome } from '../../../src/runtime/config/environment.js';
import { homeAt } from '../../../src/runtime/config/home.js';
import { resolveModel } from '../../../src/runtime/models/resolve.js';
import { userPath } from '../../../src/runtime/files/user-path.js';

it.each([
  ['~', os.homedir()],
  ['~/ocr', path.join(os.homedir(), 'ocr')],
  ['~/a/~/b', path.join(os.homedir(), 'a/~/b')],
  ['./ocr', path.resolve('ocr')],
  ['ocr~', path.resolve('ocr~')],
  ['~other/x', path.resolve('~other/x')],
  ['/data/~', '/data/~'],
])('userPath makes of %s the place that a user means', (text, place) => {
  expect(userPath(text)).toBe(place);
});

it('OCRHUB_HOME and the place of a model may begin with ~', () => {
  vi.stubEnv('OCRHUB_HOME', '~/x');
  expect(givenHome()).toBe(path.join(os.homedir(), 'x'));
  vi.unstubAllEnvs();
  expect(() => resolveModel('det', '~/no-such-model.onnx', homeAt('/nowhere', '/nowhere/config.json'))).toThrow(
    path.join(os.homedir(), 'no-such-model.onnx'),
  );
});
