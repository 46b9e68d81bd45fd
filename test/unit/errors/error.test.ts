import { describe, expect, it } from 'vitest';
import { OcrHubError, stackWithCauses, type ErrorCode, type ErrorDetails } from '../../../src/runtime/errors/error.js';

/** Details for every row of the table; a missing row does not compile. */
const samples: { readonly [C in ErrorCode]: ErrorDetails<C> } = {
  key_unknown: { subject: 'config.json', key: 'prot', allowed: ['port', 'workers'] },
  value_invalid: { subject: 'config.json', key: 'port', value: 70000, problem: 'too big' },
  file_not_found: { file: 'a.jpg' },
  file_unreadable: { file: 'a.jpg', problem: 'EACCES' },
  installation_broken: { name: 'sharp', problem: 'no libvips' },
  package_missing: { name: 'a-package', purpose: 'to add text' },
  defaults_damaged: { file: 'config.json', problem: 'it is empty', mend: 'ocrhub config unset --all' },
  open_files_few: { limit: 32, least: 128 },
  output_unwritable: { problem: 'ENOSPC: no space left on device' },
  home_unusable: { folder: '/home', problem: 'EACCES: permission denied', holdsDefaults: false },
  working_folder_gone: {},
  confirmation_needed: { what: 'Removing 3 files', command: 'ocrhub clear' },
  folder_without_pictures: { folder: './scans', extensions: ['.jpg', '.png'] },
  pattern_without_files: { pattern: 'scans/*.jpg' },
  no_inputs: { module: 'scans' },
  stdin_unusable: { problem: 'it is empty' },
  output_refused: { output: 'out.txt', problem: 'it is a file', hint: 'Name a folder.' },
  output_failed: { output: 'out/page.txt', problem: 'ENOSPC' },
  server_unreachable: { url: 'http://127.0.0.1:1/', problem: 'connect ECONNREFUSED' },
  answer_not_hubserving: { url: 'http://127.0.0.1:1/', http: 418 },
  server_refused: { http: 422, status: '101', msg: 'No picture could be read', hint: 'Send a PNG.' },
  modules_missing: { installed: ['ocr_det==1.0.0'] },
  watch_without_folder: {},
  gpu_with_multiprocess: {},
  port_in_use: { port: 8866, holder: 'the ocrhub server with pid 7' },
  debug_port_in_use: { port: 9229 },
  host_unavailable: { host: '10.9.8.7', port: 8866, problem: 'EADDRNOTAVAIL' },
  memory_too_small: { allowed: '150 MiB', held: '145 MiB', needed: '269 MiB', processes: 1 },
  server_start_failed: { end: 'SIGKILL', output: 'the last line' },
  server_died: { port: 8866, pid: 4711 },
  server_not_found: { port: 8866, home: '/home', ports: [8870, 8871] },
  server_of_other_home: { port: 8866, home: '/home', pid: 4711 },
  log_not_found: { file: '/home/logs/8866.log', port: 8866 },
  control_unreachable: { port: 8866, problem: 'it was closed' },
  server_not_stopped: { port: 8866, pid: 7, problem: 'it did not end within its grace' },
  reload_busy: { port: 8866 },
  server_in_foreground: { port: 8866, pid: 4711 },
  token_missing: { port: 8866 },
  token_unreadable: { file: 'token.txt', problem: 'ENOENT' },
  tls_unusable: { file: 'cert.pem', problem: 'ENOENT' },
  package_not_found: { argument: './ocr_det', isPath: true, stock: ['ocr_det'], suggestion: 'ocr_det' },
  folder_not_empty: { folder: './mine' },
  package_incomplete: { folder: './mine', missing: 'module.ts' },
  folder_unwritable: { folder: '/mnt/mine', problem: 'ENOSPC' },
  file_not_json: { file: 'config.json', problem: 'Unexpected token' },
  compile_failed: { place: 'module.ts:1:2', problem: 'Expected "}"' },
  native_package_imported: { place: 'module.ts:1:2', name: 'sharp' },
  package_files_wrong: { file: './mine/package.json', problem: '"word.txt" names no file' },
  package_too_large: {
    folder: './mine',
    maxBytes: 100,
    maxFiles: 10,
    files: 2,
    bytes: 101,
    largest: './mine/big.mp4',
    largestBytes: 99,
  },
  module_shape: { folder: './mine', problem: 'predict: expected a function' },
  module_load_failed: { folder: './mine', problem: 'Error: no license' },
  module_copy_removed: { copy: '/home/modules/mine/1.0.0/abc' },
  module_of_other_version: { missing: 'rotate90', version: '0.1.0' },
  module_name_illegal: { name: 'a/b' },
  module_version_illegal: { name: 'mine', version: '1.0' },
  module_not_installed: { name: 'mine', installed: ['ocr_det'], stock: ['ocr_det'] },
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
  format_unsupported: { format: 'HEIC' },
  image_too_long: { width: 1, height: 64000000, maxSide: 100000 },
  image_too_costly: { reason: 'it takes more than 30 s of CPU time to decode' },
  image_too_large: { width: 20000, height: 10000, maxPixels: 64000000 },
  pdf_password_missing: {},
  pdf_password_wrong: {},
  pdf_encryption_unknown: { problem: 'no password opens it' },
  pdf_unchangeable: { file: 'scan.pdf', problem: 'it has no trailer' },
  page_missing: { page: 9, pageCount: 3 },
  pages_too_many: { count: 300, limit: 100 },
  images_too_large: { limit: 256000000 },
  token_refused: { given: true },
  host_refused: { host: 'a.example' },
  headers_too_large: {},
  target_too_long: {},
  chunks_too_large: {},
  request_timed_out: {},
  expectation_unknown: { expectation: 'x' },
  cross_site_refused: { origin: 'https://a.example' },
  module_not_served: { name: 'ocr_det' },
  path_unknown: { method: 'GET', path: '/nowhere', endpoints: ['POST /a', 'POST /b'] },
  method_not_allowed: { method: 'GET', path: '/predict/ocr_det', allowed: 'POST' },
  encoding_unknown: { encoding: 'zstd', accepted: 'gzip, deflate, br' },
  content_type_unknown: { type: 'text/plain', expected: 'application/json' },
  request_malformed: { problem: 'it ends too early', expected: '{"images": []}' },
  request_not_object: { got: 'a number', expected: '{"images": []}' },
  body_too_large: { limit: 1048576 },
  body_stalled: { seconds: 10 },
  arrivals_full: { limit: 268435456 },
  images_missing: {},
  images_invalid: { problem: 'it is empty' },
  images_too_many: { count: 1001, limit: 1000 },
  image_not_base64: { field: 'images[3]', problem: 'it holds a "?"' },
  paths_refused: {},
  urls_refused: {},
  tool_file_missing: { given: ['path', 'url'] },
  tool_file_refused: { file: '/scans', problem: 'it is a folder' },
  model_version_unknown: { model: 'ocr', version: '1', served: '0.2.0' },
  lines_module_missing: { path: '/ocr', served: ['ocr_det', 'ocr_rec'] },
  lines_missing: { module: 'ocr_det' },
  urls_invalid: { problem: 'it is a number' },
  urls_too_many: { count: 21, limit: 20 },
  url_host_refused: { url: 'https://a.example/scan.png', host: 'a.example' },
  url_refused: { url: 'https://a.example/scan.png', problem: 'it holds a password' },
  url_unreachable: { url: 'https://a.example/scan.png', problem: 'it answers HTTP 404' },
  url_too_large: { url: 'https://a.example/scan.png', limit: 67108864 },
  urls_too_slow: { seconds: 20 },
  format_without_lines: { module: 'ocr_cls', format: 'hocr' },
  no_image_readable: {
    unreadable: [{ index: 4, code: 'image_unreadable', reason: 'unknown format', hint: 'Send a PNG.' }],
  },
  answer_too_large: { limit: 134217728 },
  files_unreadable: {
    format: 'text',
    unreadable: [{ index: 1, code: 'image_unreadable', reason: 'damaged PNG', hint: 'Send a PNG.' }],
  },
  format_too_costly: { format: 'pdf', use: 'more than 15 s of CPU time' },
  module_threw: {
    module: 'mine',
    problem: 'no license',
    stack: 'Error: no license\n    at module.ts:3:9\n    at async pool.ts:1:1',
    frames: 'at module.ts:3:9',
  },
  module_never_answered: {},
  module_ended_process: { code: 0 },
  module_answer_invalid: { module: 'mine', problem: 'it holds a bigint' },
  queue_full: { waiting: 64, what: 'requests' },
  deadline_missed: { seconds: 60 },
  process_start_failed: { end: 'SIGKILL', output: 'the last line' },
  module_start_failed: { module: 'mine', problem: 'no license', hint: 'Buy one.' },
  module_values_refused: { module: 'mine', problem: 'init_args of mine: size is 7: too big', hint: '' },
  batch_missing: { out: './out' },
  batch_gone: { out: './out', file: '/scans/out/run.json' },
  batch_differs: { out: './out', key: 'maxPixels', was: '64000000', is: '1000000' },
  batch_damaged: { file: './out/plan-0/000000.jsonl' },
  batch_unfinished: { out: './out', pages: 12 },
  conditions_ignored: { store: 's3://scans/out' },
  run_needs: { what: 'ocrhub', was: '0.2.0', is: '0.3.0' },
  file_changed: { file: 'scans/page.jpg' },
  process_died: { end: 'SIGSEGV', times: 5 },
  not_ready: { state: 'draining', reason: 'it was stopped' },
  client_gone: {},
  internal: { problem: 'undefined is not a function' },
  job_unknown: { what: 'job', id: 'j12ab' },
  job_unfinished: { id: 'j12ab' },
  job_interrupted: { times: 3 },
  job_input_lost: { part: 'file-0' },
  jobs_full: { limit: 1000, what: 'items' },
  jobs_unwritable: { problem: 'ENOSPC: no space left on device' },
  jobs_unreadable: { problem: 'connect ECONNREFUSED' },
};

/** Details that choose between texts, or that appear only in the log. */
const hidden: Partial<Record<ErrorCode, readonly string[]>> = {
  key_unknown: ['allowed'],
  home_unusable: ['holdsDefaults'],
  package_not_found: ['isPath', 'stock'],
  token_refused: ['given'],
  module_threw: ['module', 'stack'],
  download_failed: ['resumable'],
  // Of each picture its code is for programs.
  no_image_readable: ['code'],
  files_unreadable: ['code'],
};

const errors = (Object.keys(samples) as ErrorCode[]).map((code) => OcrHubError.from({ code, details: samples[code] }));

function leaves(value: unknown, skipped: readonly string[]): string[] {
  if (typeof value !== 'object' || value === null) return [String(value)];
  return Object.entries(value).flatMap(([name, part]) => (skipped.includes(name) ? [] : leaves(part, skipped)));
}

describe.each(errors.map((error) => [error.code, error] as const))('%s', (code, error) => {
  it('shows every detail in its message or its hint', () => {
    const text = `${error.message}\n${error.hint}`;
    for (const leaf of leaves(error.details, hidden[code] ?? [])) expect(text).toContain(leaf);
    expect(error.message).not.toBe('');
    expect(text).not.toMatch(/undefined(?! is not)|\[object|NaN/);
  });

  it('keeps its code, texts and details when it is sent to another process', () => {
    const sent = JSON.parse(JSON.stringify(error)) as ReturnType<OcrHubError['toJSON']>;
    const received = OcrHubError.from(sent);
    expect([received.code, received.message, received.hint]).toEqual([code, error.message, error.hint]);
    expect(received.stack).toBe(error.stack);
  });
});

describe('the exit code and the HTTP status', () => {
  it('come from the kind of the error', () => {
    expect(OcrHubError.from({ code: 'queue_full', details: samples.queue_full })).toMatchObject({
      kind: 'overloaded',
      exitCode: 5,
      httpStatus: 429,
    });
  });

  it('come from the row of the error if the row has its own', () => {
    expect(OcrHubError.from({ code: 'body_stalled', details: samples.body_stalled })).toMatchObject({
      kind: 'timeout',
      exitCode: 5,
      httpStatus: 408,
    });
    expect(OcrHubError.from({ code: 'module_values_refused', details: samples.module_values_refused })).toMatchObject({
      kind: 'unavailable',
      exitCode: 2,
      httpStatus: 503,
    });
  });

  it('are 500 for an error of a command that a module throws while it answers', () => {
    expect(new OcrHubError('model_missing', samples.model_missing)).toMatchObject({ exitCode: 3, httpStatus: 500 });
  });
});

describe('OcrHubError.of', () => {
  it('returns an OcrHubError as it is', () => {
    const error = new OcrHubError('client_gone', {});
    expect(OcrHubError.of(error)).toBe(error);
  });

  it.each([
    [new TypeError('x is not a function'), 'x is not a function'],
    ['a text', 'a text'],
    [undefined, 'undefined'],
  ])('converts anything else to an internal error: %s', (thrown, problem) => {
    expect(OcrHubError.of(thrown)).toMatchObject({ code: 'internal', details: { problem }, cause: thrown });
  });
});

describe('an error that another version of ocrhub sent', () => {
  it('becomes an internal error with its code and the text of its stack if the code is unknown', () => {
    const stack = 'OcrHubError: Request to a: unknown field "b"\n    at file:///old/check.js:1:1';
    expect(OcrHubError.from({ code: 'value_unknown', details: { key: 'b' }, stack })).toMatchObject({
      code: 'internal',
      details: { problem: 'value_unknown: Request to a: unknown field "b"' },
      stack,
    });
  });

  it.each(['value_unknown', 'toString', '__proto__'])('has its details as text if it has no stack: %s', (code) => {
    const error = OcrHubError.from({ code, details: { key: 'b' } });
    expect(error.message).toBe(`Something went wrong inside ocrhub: ${code}: {"key":"b"}`);
  });

  it('becomes an internal error if its code has other details in this version', () => {
    const error = OcrHubError.from({ code: 'key_unknown', details: { path: 'a' }, stack: 'Error: a is unknown' });
    expect(error).toMatchObject({ code: 'internal', details: { problem: 'key_unknown: a is unknown' } });
  });

  it('says what the older version said if that kept the failure of a job without a number', () => {
    const { message } = OcrHubError.from({ code: 'process_died', details: { end: 'SIGSEGV' } });
    expect(message).toBe('The inference process ended twice while it worked on this request (SIGSEGV)');
  });
});

describe('the error that led to another one', () => {
  it('is named by its code, also in another process', () => {
    const details = {
      module: 'm',
      problem: 'Model file det.onnx is missing',
      hint: '',
      cause: { code: 'model_missing' },
    };
    const error = new OcrHubError('module_start_failed', details);
    const sent = JSON.parse(JSON.stringify(error)) as ReturnType<OcrHubError['toJSON']>;
    expect(OcrHubError.from(sent).causeCode).toBe('model_missing');
    expect(new OcrHubError('client_gone', {}).causeCode).toBeUndefined();
  });

  it('keeps its stack in another process', () => {
    const first = new RangeError('first');
    const second = new Error('second', { cause: first });
    const error = new OcrHubError('internal', { problem: 'third' }, { cause: second });
    const { stack } = OcrHubError.from(error.toJSON());
    expect(stack).toBe(`${error.stack}\nCaused by: ${second.stack}\nCaused by: ${first.stack}`);
    expect(stackWithCauses(OcrHubError.from(error.toJSON()))).toBe(stack);
  });
});

it("the hint of a module's error holds the module's own lines of its stack", () => {
  const error = OcrHubError.from({ code: 'module_threw', details: samples.module_threw });
  expect(error.hint).toBe('at module.ts:3:9');
});

it('only a bug of ocrhub has exit code 1', () => {
  expect(errors.filter((error) => error.exitCode === 1).map((error) => error.code)).toEqual(['internal']);
});

it("an unknown module has HubServing's message", () => {
  expect(new OcrHubError('module_not_served', { name: 'ocr_x' }).message).toBe('Module ocr_x is not available.');
});

describe('the message about an unknown key', () => {
  const many = ['det_limit_side_len', ...Array.from({ length: 38 }, (_, i) => `parameter_${i}`)];
  const request = { subject: 'Request to ocr_system', noun: 'field', see: '/openapi.json' };

  it.each([
    [
      { ...request, key: 'det_limit_side', allowed: many },
      'Request to ocr_system: unknown field "det_limit_side"; did you mean "det_limit_side_len"? See: /openapi.json',
    ],
    [
      { ...request, key: 'language', allowed: many },
      'Request to ocr_system: unknown field "language". See: /openapi.json',
    ],
    [
      { ...request, key: 'language', allowed: ['angle', 'score'] },
      'Request to ocr_system: unknown field "language"; allowed: angle, score',
    ],
    [{ ...request, key: 'language', allowed: [] }, 'Request to ocr_system: unknown field "language"; allowed: none'],
    [
      { subject: 'config.json', key: 'prot', allowed: ['port', 'host'] },
      'config.json: unknown key "prot"; did you mean "port"?',
    ],
    [
      { subject: 'config.json', key: 'language', allowed: 'abcdefghij'.split('') },
      'config.json: unknown key "language"; allowed: a, b, c, d, e, f, g, h, and 2 more',
    ],
  ])('names the nearest key, or the allowed keys if they are few: %j', (details, message) => {
    expect(new OcrHubError('key_unknown', details).message).toBe(message);
  });
});

describe('server_unreachable', () => {
  it.each(['http://127.0.0.1:8866/x', 'http://localhost:8866/x', 'http://[::1]:8866/x', 'http://127.1.2.3/x'])(
    'hints at starting a server for %s',
    (url) => {
      expect(new OcrHubError('server_unreachable', { url, problem: '' }).hint).toBe(
        'Start one: ocrhub serving start -m ocr_system',
      );
    },
  );

  it.each(['http://10.0.0.7:8866/x', 'https://ocr.example/x', 'http://localhost.example/x', 'no address'])(
    'has no hint for another machine: %s',
    (url) => {
      expect(new OcrHubError('server_unreachable', { url, problem: '' }).hint).toBe('');
    },
  );
});

it('an error shows the type of a value that JSON cannot represent', () => {
  const details = { subject: 'init_args', key: 'a', value: () => 1, problem: 'expected a number' };
  expect(new OcrHubError('value_invalid', details).message).toBe('init_args: a is function: expected a number');
});

it.each([NaN, Infinity, -Infinity])('an error shows %d, for which JSON.stringify writes null', (value) => {
  const details = { subject: 'init_args', key: 'drop_score', value, problem: 'expected a number' };
  expect(new OcrHubError('value_invalid', details).message).toContain(`drop_score is ${value}: `);
});

describe('no_image_readable', () => {
  it('lists at most ten pictures', () => {
    const unreadable = Array.from({ length: 200 }, (_, index) => ({
      index,
      code: 'image_unreadable',
      reason: 'unknown format',
      hint: '',
    }));
    const { message } = new OcrHubError('no_image_readable', { unreadable });
    expect(message).toMatch(/^No picture could be read: image 0: .*; image 9: unknown format; and 190 more$/);
    expect(message).not.toContain('image 10');
  });

  it('gives each hint once', () => {
    const hints = ['Send a PNG.', 'Send a smaller picture.', 'Send a PNG.'];
    const unreadable = hints.map((hint, index) => ({ index, code: 'image_unreadable', reason: '', hint }));
    expect(new OcrHubError('no_image_readable', { unreadable }).hint).toBe('Send a PNG. Send a smaller picture.');
  });
});
