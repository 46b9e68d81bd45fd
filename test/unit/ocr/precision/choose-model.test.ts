import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { suitsInt8 } from '../../../../src/runtime/inference/cpu.js';
import { resolveHome } from '../../../../src/runtime/config/home.js';
import { chooseModel } from '../../../../src/runtime/ocr/precision/choose-model.js';
import { modelsInUse } from '../../../../src/runtime/trace/models-in-use.js';
import { root } from '../../../helpers/cli.js';
import { temporaryFolder } from '../../../helpers/home.js';

vi.mock('../../../../src/runtime/inference/cpu.js', () => ({ cpuModel: () => 'a processor', suitsInt8: vi.fn() }));

let home: string;

beforeEach(async () => {
  home = await temporaryFolder();
  vi.stubEnv('OCRHUB_HOME', home);
  vi.mocked(suitsInt8).mockReturnValue(true);
});

const cpu = { device: 'cpu', use_gpu: false } as const;
const auto = { precision: 'auto', ...cpu } as const;
const passes = vi.fn((): Promise<string | undefined> => Promise.resolve(undefined));

async function chosen(name: string, how: Parameters<typeof chooseModel>[1], test = passes): Promise<string> {
  return path.basename((await chooseModel({ role: 'rec', name, home: resolveHome() }, how, test)).file);
}

describe('chooseModel', () => {
  it('takes int8 where the processor gains by it and the check is passed', async () => {
    expect(await chosen('ppocrv6-small', auto)).toBe('PP-OCRv6_rec_small-int8.onnx');
    expect(modelsInUse()).toContainEqual(
      expect.objectContaining({ role: 'rec', model: 'ppocrv6-small-int8', precision: 'int8' }),
    );
  });

  it('checks once for a processor, a file and a version', async () => {
    passes.mockClear();
    vi.setSystemTime('2026-11-24T12:00:00Z');
    onTestFinished(() => void vi.useRealTimers());
    const reason = () => modelsInUse().find(({ model }) => model === 'ppocrv6-small-int8')?.reason;
    await chosen('ppocrv6-small', auto);
    expect(reason()).toBe('int8 passed its check on this processor');
    vi.setSystemTime('2026-12-01T23:59:59Z');
    await chosen('ppocrv6-small', auto);
    expect(passes).toHaveBeenCalledOnce();
    expect(reason()).toBe('int8 passed its check on this processor on 2026-11-24');
    const cached = JSON.parse(await readFile(path.join(home, 'cache', 'precision.json'), 'utf8')) as object;
    expect(Object.keys(cached)[0]).toMatch(
      /^a processor · ocrhub .* · onnxruntime [0-9.]+ · PP-OCRv6_rec_small-int8.onnx · [0-9a-f]{64}$/,
    );
  });

  it('takes f32 where det_precision asks for it, but leaves a set that is int8 as it is', async () => {
    const asked = { precision: 'f32', ...cpu, by: 'det_precision' } as const;
    expect(await chosen('ppocrv6-small', asked)).toBe('PP-OCRv6_rec_small.onnx');
    expect(modelsInUse().at(-1)?.reason).toBe('det_precision is f32');
    expect(await chosen('ppocrv6-small-int8', asked)).toBe('PP-OCRv6_rec_small-int8.onnx');
    await expect(chosen('ppocrv6-small-int8', { precision: 'f32', ...cpu })).rejects.toThrow(/is int8; set it to/);
  });

  it('takes f32 when the check is not passed, and says why', async () => {
    const fails = () => Promise.resolve('it reads "a" as "b"');
    expect(await chosen('ppocrv6-small', auto, vi.fn(fails))).toBe('PP-OCRv6_rec_small.onnx');
    expect(modelsInUse()).toContainEqual({
      role: 'rec',
      model: 'ppocrv6-small',
      precision: 'f32',
      reason: 'int8 did not pass its check: it reads "a" as "b"',
    });
  });

  it('takes f32 without a check when the processor is not known to gain', async () => {
    vi.mocked(suitsInt8).mockReturnValue(false);
    passes.mockClear();
    expect(await chosen('ppocrv6-small', auto)).toBe('PP-OCRv6_rec_small.onnx');
    expect(passes).not.toHaveBeenCalled();
  });

  it('remembers a check that was not passed, and says of when it is', async () => {
    vi.setSystemTime('2026-11-24T12:00:00Z');
    onTestFinished(() => void vi.useRealTimers());
    const fails = vi.fn(() => Promise.resolve('it reads "a" as "c"'));
    await chosen('ppocrv6-small', auto, fails);
    await chosen('ppocrv6-small', auto, fails);
    expect(fails).toHaveBeenCalledOnce();
    expect(modelsInUse().map(({ reason }) => reason)).toContain(
      'int8 did not pass its check on 2026-11-24: it reads "a" as "c"',
    );
  });

  it('takes f32 on a GPU', async () => {
    expect(await chosen('ppocrv6-small', { ...auto, use_gpu: true })).toBe('PP-OCRv6_rec_small.onnx');
    expect(await chosen('ppocrv6-small', { ...auto, device: 'cuda' })).toBe('PP-OCRv6_rec_small.onnx');
  });

  it('does what it is told, whatever the processor and the check say', async () => {
    vi.mocked(suitsInt8).mockReturnValue(false);
    expect(await chosen('ppocrv6-small', { ...auto, precision: 'int8' })).toBe('PP-OCRv6_rec_small-int8.onnx');
    expect(await chosen('ppocrv6-small', { ...auto, precision: 'f32' })).toBe('PP-OCRv6_rec_small.onnx');
    expect(await chosen('ppocrv6-small-int8', auto)).toBe('PP-OCRv6_rec_small-int8.onnx');
  });

  it('takes f32 when the int8 form does not load, and checks again the next time', async () => {
    const breaks = vi.fn(() => Promise.reject(new Error('no such operator')));
    expect(await chosen('ppocrv6-small', auto, breaks)).toBe('PP-OCRv6_rec_small.onnx');
    expect(modelsInUse().map(({ reason }) => reason)).toContain('int8 did not pass its check: no such operator');
    expect(await chosen('ppocrv6-small', auto)).toBe('PP-OCRv6_rec_small-int8.onnx');
  });

  it('refuses what it is told and cannot do', async () => {
    await expect(chosen('ppocrv6-small-int8', { ...auto, precision: 'f32' })).rejects.toThrow(
      /rec_model_dir ppocrv6-small-int8 is int8; set it to ppocrv6-small$/,
    );
    const int8 = { ...auto, precision: 'int8' } as const;
    await expect(chosen('ppocrv6-small', { ...int8, use_gpu: true })).rejects.toThrow(/use_gpu is true, and int8/);
    await expect(chosen('ppocrv6-small', { ...int8, device: 'cuda' })).rejects.toThrow(/device is cuda, and int8/);
  });

  it('tells a path by its last part', async () => {
    const file = path.join(root, 'models', 'PP-OCRv6_rec_small.onnx');
    await chosen(file, auto);
    expect(modelsInUse()).toContainEqual({
      role: 'rec',
      model: 'PP-OCRv6_rec_small.onnx',
      precision: 'own',
      reason: 'a model of your own',
    });
  });

  it('refuses int8 for a set that has no such form', async () => {
    await expect(chosen('ppocrv4-mobile', { ...auto, precision: 'int8' })).rejects.toMatchObject({
      code: 'value_invalid',
      message: expect.stringContaining('ppocrv4-mobile has no int8 form; ppocrv6-small has') as string,
    });
  });
});

describe('in the place of the cache', () => {
  const isWindows = process.platform === 'win32';

  async function checksAgain(): Promise<void> {
    passes.mockClear();
    expect(await chosen('ppocrv6-small', auto)).toBe('PP-OCRv6_rec_small-int8.onnx');
    expect(passes).toHaveBeenCalledOnce();
  }

  beforeEach(() => mkdir(path.join(home, 'cache')));

  it.each(['{"half', '{"a":"the form of before"}', '[]'])('a damaged file, %s, costs a second check', async (text) => {
    await writeFile(path.join(home, 'cache', 'precision.json'), text);
    await checksAgain();
  });

  it('a folder costs a second check', async () => {
    await mkdir(path.join(home, 'cache', 'precision.json'));
    await checksAgain();
  });

  it.skipIf(isWindows)(
    'a pipe costs a second check (Windows has none among its files)',
    { timeout: 10_000 },
    async () => {
      await promisify(execFile)('mkfifo', [path.join(home, 'cache', 'precision.json')]);
      await checksAgain();
    },
  );

  it.skipIf(isWindows)('a socket costs a second check (Windows has none among its files)', async () => {
    const server = createServer();
    onTestFinished(() => void server.close());
    await new Promise<void>((resolve) => server.listen(path.join(home, 'cache', 'precision.json'), resolve));
    await checksAgain();
  });
});
