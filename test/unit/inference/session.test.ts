import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { OcrHubError } from '../../../src/runtime/errors/error.js';
import { resolveHome } from '../../../src/runtime/config/home.js';
import { Scratch } from '../../../src/runtime/inference/scratch.js';
import { openSession } from '../../../src/runtime/inference/session.js';
import { resolveModel } from '../../../src/runtime/models/resolve.js';
import { loadDictionary } from '../../../src/runtime/models/dictionary.js';
import { Recognizer } from '../../../src/runtime/ocr/recognize/recognizer.js';
import { recognizerParams } from '../../../src/runtime/ocr/recognize/params.js';

const folder = mkdtempSync(path.join(os.tmpdir(), 'ocrhub-session-'));
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => vi.unstubAllEnvs());

const dictionaryOfSmall = resolveModel('rec', 'ppocrv6-small', resolveHome()).dictionary ?? { file: '' };
const classifier = resolveModel('cls', 'ppocrv6-small', resolveHome()).file;

describe('openSession', () => {
  it('loads a file once for several callers', async () => {
    const [first, again] = await Promise.all([openSession(classifier), openSession(classifier)]);
    expect(again).toBe(first);
    const other = await openSession(classifier, { keepMemory: false });
    expect(other).not.toBe(first);
    expect(await openSession(classifier, { keepMemory: false })).toBe(other);
  });

  it('returns dimensions and classes, and runs the network', async () => {
    const session = await openSession(classifier);
    expect(session.inputDims).toEqual([undefined, 3, undefined, undefined]);
    expect(session.outputs).toEqual([{ dims: [undefined, 2], isInteger: false }]);
    const [output] = await session.run(new Float32Array(3 * 48 * 192), [1, 3, 48, 192]);
    expect(output?.dims).toEqual([1, 2]);
    expect((output?.data[0] ?? 0) + (output?.data[1] ?? 0)).toBeCloseTo(1, 4);
  });

  it('frees the memory after the last close, and loads the file again on the next call', async () => {
    const blank = new Float32Array(3 * 48 * 192);
    const dims = [1, 3, 48, 192];
    const file = path.join(folder, 'copy.onnx');
    copyFileSync(classifier, file);
    const [first] = await Promise.all([openSession(file), openSession(file)]);
    await first.close();
    expect(await first.run(blank, dims)).toHaveLength(1);
    await first.close();
    await expect(first.run(blank, dims)).rejects.toThrow();
    const again = await openSession(file);
    expect(again).not.toBe(first);
    // Closing the old session again does not close the new one.
    await first.close();
    expect(await again.run(blank, dims)).toHaveLength(1);
    await again.close();
  });

  it('refuses a file that is not a network, and tries again on the next call', async () => {
    const file = path.join(folder, 'broken.onnx');
    writeFileSync(file, 'not a network');
    const first = openSession(file);
    await expect(first).rejects.toMatchObject({ code: 'model_mismatch', details: { path: file } });
    expect(openSession(file)).not.toBe(first);
  });

  it.each([
    [undefined, /not set/],
    ['', /names no GPU/],
    ['-1', /names no GPU/],
  ])('refuses the device cuda when CUDA_VISIBLE_DEVICES is %j', async (devices, reason) => {
    vi.stubEnv('CUDA_VISIBLE_DEVICES', devices);
    await expect(openSession(classifier, { device: 'cuda' })).rejects.toMatchObject({
      code: 'gpu_unavailable',
      details: { reason: expect.stringMatching(reason) as string },
    });
  });
});

describe('the cause of a model that does not load', () => {
  /** A file in a folder whose name holds a word of the engine's messages. */
  function fileIn(word: string, content: string | Uint8Array): string {
    const place = path.join(mkdtempSync(path.join(folder, 'cause-')), word);
    mkdirSync(place);
    const file = path.join(place, `${word}.onnx`);
    writeFileSync(file, content);
    return file;
  }

  const words = ['cuda-fp16', 'CUDA_error', 'cudnn', 'libcublas.so', 'execution_provider', 'ExecutionProvider', 'dml'];
  const whole = readFileSync(classifier);

  it.each(words)('is not read from the path: %s', async (word) => {
    await expect(openSession(fileIn(word, whole.subarray(0, 30_000)))).rejects.toMatchObject({
      code: 'model_mismatch',
    });
  });

  it.each(words)('is the file if it does not load on the CPU either: %s', async (word) => {
    vi.stubEnv('CUDA_VISIBLE_DEVICES', '0');
    const opened = openSession(fileIn(word, whole.subarray(0, 30_000)), { device: 'cuda' });
    const error: unknown = await opened.catch((thrown: unknown) => thrown);
    expect(OcrHubError.of(error).code).toBe('model_mismatch');
  });

  it('does not speak of a part that is missing because of the path', async () => {
    const text = Buffer.from(whole);
    // The version of the format, which the engine then does not know.
    text[1] = 99;
    const error: unknown = await openSession(fileIn('protobuf', text)).catch((thrown: unknown) => thrown);
    expect(OcrHubError.of(error).code).toBe('model_mismatch');
    expect(OcrHubError.of(error).message).not.toContain('a part is missing');
  });

  it('is CUDA if the file loads on the CPU alone', async ({ skip }) => {
    vi.stubEnv('CUDA_VISIBLE_DEVICES', '0');
    const file = fileIn('plain', whole);
    const error: unknown = await openSession(file, { device: 'cuda' }).catch((thrown: unknown) => thrown);
    if (!OcrHubError.is(error)) return skip('this machine has CUDA');
    expect(error).toMatchObject({ code: 'gpu_unavailable' });
  });
});

describe('Recognizer.create', () => {
  it('refuses a dictionary whose length differs from the number of classes', async () => {
    const file = path.join(folder, 'short.txt');
    writeFileSync(file, 'a\nb\n');
    await expect(Recognizer.create(recognizerParams.parse({ rec_char_dict_path: file }))).rejects.toMatchObject({
      code: 'model_mismatch',
      details: { problem: 'it has 18710 classes, and 2 characters in its dictionary make 4 with use_space_char true' },
    });
  });
});

describe('use_space_char', () => {
  const without = recognizerParams.parse({ use_space_char: false });

  it.each(['f32', 'int8'] as const)(
    'is named in the error if false leaves one class too few: %s',
    async (precision) => {
      await expect(Recognizer.create({ ...without, precision })).rejects.toMatchObject({
        code: 'model_mismatch',
        details: {
          problem: 'it has 18710 classes, and 18708 characters in its dictionary make 18709 with use_space_char false',
        },
      });
    },
  );

  it('is named in the error if true makes one class too many', async () => {
    const file = path.join(folder, 'with-space.txt');
    const characters = await loadDictionary(dictionaryOfSmall);
    writeFileSync(file, [...characters, '茶'.repeat(2), ''].join('\n'));
    const params = recognizerParams.parse({ rec_char_dict_path: file });
    await expect(Recognizer.create(params)).rejects.toThrow(/make 18711 with use_space_char true$/);
    await Recognizer.create({ ...params, use_space_char: false });
  });
});

describe('Scratch', () => {
  it('lends different arrays to simultaneous callers and reuses returned arrays', async () => {
    const scratch = new Scratch();
    const borrowed: ArrayBufferLike[] = [];
    const borrow = (): Promise<void> =>
      scratch.lend(4, (buffer) => {
        borrowed.push(buffer.buffer);
        return Promise.resolve();
      });
    await Promise.all([borrow(), borrow()]);
    await borrow();
    expect(new Set(borrowed).size).toBe(2);
  });

  it('takes an array back after an error', async () => {
    const scratch = new Scratch();
    await expect(scratch.lend(4, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await scratch.lend(2, (buffer) => Promise.resolve(buffer.length))).toBe(2);
  });
});
