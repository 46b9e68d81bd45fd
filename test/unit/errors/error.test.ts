import { describe, expect, it } from 'vitest';
import { OcrHubError, type ErrorCode, type ErrorDetails } from '../../../src/runtime/errors/error.js';

/** Details for every row of the table; a row without any does not compile. */
const samples: { readonly [C in ErrorCode]: ErrorDetails<C> } = {
  value_unknown: { subject: 'config.json', key: 'prot', allowed: ['port', 'workers'] },
  value_invalid: { subject: 'config.json', key: 'port', value: 70000, problem: 'too big' },
  file_not_found: { file: 'a.jpg', problem: 'ENOENT' },
  defaults_damaged: { file: 'config.json', problem: 'it is empty', mend: 'ocrhub config unset --all' },
  home_unusable: { folder: '/home', problem: 'EACCES: permission denied', holdsDefaults: false },
  confirmation_needed: { what: 'Removing 3 files', command: 'ocrhub clear' },
  folder_without_pictures: { folder: './scans', extensions: ['.jpg', '.png'] },
  server_unreachable: { url: 'http://127.0.0.1:1/', problem: 'connect ECONNREFUSED' },
  answer_not_hubserving: { url: 'http://127.0.0.1:1/', http: 418 },
  server_refused: { http: 422, status: '101', msg: 'No picture could be read' },
  modules_missing: { installed: ['ocr_det==1.0.0'] },
  watch_without_folder: {},
  gpu_with_multiprocess: {},
  port_in_use: { port: 8866, holder: 'the ocrhub server with pid 7' },
  debug_port_in_use: { port: 9229 },
  host_unavailable: { host: '10.9.8.7', port: 8866, problem: 'EADDRNOTAVAIL' },
  server_start_failed: { end: 'SIGKILL', output: 'the last line' },
  server_died: { port: 8866, pid: 4711 },
  server_not_found: { port: 8866, ports: [8870, 8871] },
  log_not_found: { file: '/home/logs/8866.log', port: 8866 },
  control_unreachable: { port: 8866, problem: 'it was closed' },
  server_not_stopped: { port: 8866, pid: 7, problem: 'it did not end within its grace' },
  reload_busy: { port: 8866 },
  server_in_foreground: { port: 8866, pid: 4711 },
  token_missing: { port: 8866 },
  token_unreadable: { file: 'token.txt', problem: 'ENOENT' },
  package_not_found: { argument: './ocr_det', isPath: true, stock: ['ocr_det'], suggestion: 'ocr_det' },
  folder_not_empty: { folder: './mine' },
  package_incomplete: { folder: './mine', missing: 'module.ts' },
  folder_unwritable: { folder: '/mnt/mine', problem: 'ENOSPC' },
  file_not_json: { file: 'config.json', problem: 'Unexpected token' },
  compile_failed: { place: 'module.ts:1:2', problem: 'Expected "}"' },
  native_package_imported: { place: 'module.ts:1:2', name: 'sharp' },
  module_shape: { folder: './mine', problem: 'predict: expected a function' },
  module_load_failed: { folder: './mine', problem: 'Error: no licence' },
  module_of_other_version: { missing: 'rotate90', version: '0.1.0' },
  module_name_illegal: { name: 'a/b' },
  module_version_illegal: { name: 'mine', version: '1.0' },
  module_not_installed: { name: 'mine', installed: ['ocr_det'] },
  version_not_installed: { name: 'mine', version: '2.0.0', installed: ['1.0.0'] },
  registry_damaged: { file: 'current.json', problem: 'it is empty', name: 'mine', version: '1.0.0', mend: 'remove it' },
  model_unknown: { name: 'ppocrv9', role: 'det', known: ['ppocrv6-small'] },
  model_missing: { path: '/models/det.onnx', how: 'npm install models' },
  model_corrupt: { path: '/models/det.onnx', expected: 'aaaa', actual: 'bbbb' },
  model_mismatch: { path: '/models/det.onnx', problem: 'it has two inputs' },
  model_set_unknown: { name: 'ppocrv9', known: ['ppocrv6-small'] },
  model_set_exists: { name: 'mine', folder: '/home/models/mine' },
  download_failed: { url: 'https://models/det.onnx', problem: 'HTTP 404', resumable: true },
  gpu_unavailable: { reason: 'CUDA_VISIBLE_DEVICES is not set' },
  image_unreadable: { reason: 'unknown format' },
  image_too_large: { width: 20000, height: 10000, maxPixels: 64000000 },
  images_too_large: { limit: 256000000 },
  token_refused: { given: true },
  module_not_served: { name: 'ocr_det' },
  path_unknown: { method: 'GET', path: '/nowhere' },
  method_not_allowed: { method: 'GET', path: '/predict/ocr_det', allowed: 'POST' },
  content_type_unknown: { type: 'text/plain' },
  request_malformed: { problem: 'it ends too early' },
  request_not_object: { got: 'a number' },
  body_too_large: { limit: 1048576 },
  body_stalled: { seconds: 10 },
  arrivals_full: { limit: 268435456 },
  images_missing: {},
  images_invalid: { problem: 'it is empty' },
  images_too_many: { count: 1001, limit: 1000 },
  image_not_base64: { index: 3, problem: 'it holds a "?"' },
  paths_refused: {},
  no_image_readable: { unreadable: [{ index: 4, reason: 'unknown format' }] },
  module_threw: {
    module: 'mine',
    problem: 'no licence',
    stack: 'Error: no licence\n    at module.ts:3:9\n    at async pool.ts:1:1',
    frames: 'at module.ts:3:9',
  },
  module_never_answered: {},
  module_ended_process: { code: 0 },
  module_answer_invalid: { module: 'mine', problem: 'it holds a bigint' },
  queue_full: { waiting: 64, what: 'requests' },
  deadline_missed: { seconds: 60 },
  process_start_failed: { end: 'SIGKILL', output: 'the last line' },
  module_start_failed: { module: 'mine', problem: 'no licence', hint: 'Buy one.' },
  module_values_refused: { module: 'mine', problem: 'init_args of mine: size is 7: too big', hint: '' },
  process_died: { end: 'SIGSEGV' },
  not_ready: { state: 'draining', reason: 'it was stopped' },
  client_gone: {},
  internal: { problem: 'undefined is not a function' },
};

/** Details that steer the text, or go to the log and not into the answer. */
const unsaid: Partial<Record<ErrorCode, readonly string[]>> = {
  home_unusable: ['holdsDefaults'],
  package_not_found: ['isPath', 'stock'],
  token_refused: ['given'],
  module_threw: ['module', 'stack'],
  download_failed: ['resumable'],
};

const errors = (Object.keys(samples) as ErrorCode[]).map((code) => OcrHubError.from({ code, details: samples[code] }));

function leaves(value: unknown): string[] {
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(leaves);
  return [String(value)];
}

describe.each(errors.map((error) => [error.code, error] as const))('%s', (code, error) => {
  it('says every value it knows, in one or two sentences', () => {
    const said = `${error.message}\n${error.hint}`;
    for (const [name, value] of Object.entries(error.details)) {
      if (unsaid[code]?.includes(name) === true) continue;
      for (const leaf of leaves(value)) expect(said).toContain(leaf);
    }
    expect(error.message).not.toBe('');
    expect(said).not.toMatch(/undefined(?! is not)|\[object|NaN/);
  });

  it('has an exit code, an HTTP status and a HubServing status that exist', () => {
    expect([1, 2, 3, 4, 5]).toContain(error.exitCode);
    expect(error.httpStatus).toBeGreaterThanOrEqual(400);
    expect(error.httpStatus).toBeLessThan(600);
    expect(['101', '111', '112']).toContain(error.hubStatus);
  });

  it('comes back the same from another process', () => {
    const sent = JSON.parse(JSON.stringify(error)) as ReturnType<OcrHubError['toJSON']>;
    const back = OcrHubError.from(sent);
    expect([back.code, back.message, back.hint]).toEqual([code, error.message, error.hint]);
  });
});

it.each([
  ['image_unreadable', 422, '101'],
  ['no_image_readable', 422, '101'],
  ['image_too_large', 422, '101'],
  ['images_too_large', 422, '101'],
  ['images_missing', 400, '101'],
  ['images_invalid', 400, '101'],
  ['images_too_many', 400, '101'],
  ['image_not_base64', 400, '101'],
  ['paths_refused', 400, '101'],
  ['value_unknown', 400, '101'],
  ['value_invalid', 400, '101'],
  ['module_not_served', 404, '111'],
  ['request_malformed', 400, '112'],
  ['content_type_unknown', 415, '112'],
  ['method_not_allowed', 405, '112'],
  ['token_refused', 401, '101'],
  ['body_too_large', 413, '101'],
  ['body_stalled', 408, '101'],
  ['arrivals_full', 429, '101'],
  ['queue_full', 429, '101'],
  ['module_threw', 500, '101'],
  ['module_answer_invalid', 500, '101'],
  ['internal', 500, '101'],
  ['process_died', 503, '101'],
  ['not_ready', 503, '101'],
  ['deadline_missed', 504, '101'],
] as const)('%s is HTTP %i with status %j', (code, http, status) => {
  const error = OcrHubError.from({ code, details: samples[code] });
  expect([error.httpStatus, error.hubStatus]).toEqual([http, status]);
});

describe('of', () => {
  it('leaves an error of the table as it is', () => {
    const error = new OcrHubError('client_gone', {});
    expect(OcrHubError.of(error)).toBe(error);
  });

  it.each([
    [new TypeError('x is not a function'), 'x is not a function'],
    ['a text', 'a text'],
    [undefined, 'undefined'],
  ])('calls whatever else is thrown a bug: %s', (thrown, problem) => {
    expect(OcrHubError.of(thrown)).toMatchObject({ code: 'internal', details: { problem }, cause: thrown });
  });
});

it("hints at a module's own lines, not at the whole stack", () => {
  const error = OcrHubError.from({ code: 'module_threw', details: samples.module_threw });
  expect(error.hint).toBe('at module.ts:3:9');
});

it('calls nothing but a bug a bug', () => {
  expect(errors.filter((error) => error.exitCode === 1).map((error) => error.code)).toEqual(['internal']);
});

it("keeps the original's words for a module that is not served", () => {
  expect(new OcrHubError('module_not_served', { name: 'ocr_x' }).message).toBe('Module ocr_x is not available.');
});

it('shows what cannot be written as JSON by its type', () => {
  const details = { subject: 'init_args', key: 'a', value: () => 1, problem: 'expected a number' };
  expect(new OcrHubError('value_invalid', details).message).toBe('init_args: a is function: expected a number');
});

it.each([NaN, Infinity, -Infinity])('shows %d, of which JSON makes null', (value) => {
  const details = { subject: 'init_args', key: 'drop_score', value, problem: 'expected a number' };
  expect(new OcrHubError('value_invalid', details).message).toContain(`drop_score is ${value}: `);
});

it('names ten of many pictures that could not be read', () => {
  const unreadable = Array.from({ length: 200 }, (_, index) => ({ index, reason: 'unknown format' }));
  const { message } = new OcrHubError('no_image_readable', { unreadable });
  expect(message).toMatch(/^No picture could be read: image 0: .*; image 9: unknown format; and 190 more$/);
  expect(message).not.toContain('image 10');
});
