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
  it('chooses int8 if the processor suits it and the check passes', async () => {
    expect(await chosen('ppocrv6-small', auto)).toBe('PP-OCRv6_rec_small-int8.onnx');
    expect(modelsInUse()).toContainEqual(
      expect.objectContaining({ role: 'rec', model: 'ppocrv6-small-int8', precision: 'int8' }),
    );
  });

  it('runs the check once per processor, file and version', async () => {
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

  it('chooses f32 for det_precision: f32, but keeps a set that is int8', async () => {
    const asked = { precision: 'f32', ...cpu, by: 'det_precision' } as const;
    expect(await chosen('ppocrv6-small', asked)).toBe('PP-OCRv6_rec_small.onnx');
    expect(modelsInUse().at(-1)?.reason).toBe('det_precision is f32');
    expect(await chosen('ppocrv6-small-int8', asked)).toBe('PP-OCRv6_rec_small-int8.onnx');
    await expect(chosen('ppocrv6-small-int8', { precision: 'f32', ...cpu })).rejects.toThrow(/is int8; set it to/);
  });

  it('chooses f32 if the check fails, and reports the reason', async () => {
    const fails = () => Promise.resolve('it reads "a" as "b"');
    expect(await chosen('ppocrv6-small', auto, vi.fn(fails))).toBe('PP-OCRv6_rec_small.onnx');
    expect(modelsInUse()).toContainEqual({
      role: 'rec',
      model: 'ppocrv6-small',
      precision: 'f32',
      reason: 'int8 did not pass its check: it reads "a" as "b"',
    });
  });

  it('chooses f32 without a check if the processor does not suit int8', async () => {
    vi.mocked(suitsInt8).mockReturnValue(false);
    passes.mockClear();
    expect(await chosen('ppocrv6-small', auto)).toBe('PP-OCRv6_rec_small.onnx');
    expect(passes).not.toHaveBeenCalled();
  });

  it('caches a failed check and reports its date', async () => {
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

  it('chooses f32 on a GPU', async () => {
    expect(await chosen('ppocrv6-small', { ...auto, use_gpu: true })).toBe('PP-OCRv6_rec_small.onnx');
    expect(await chosen('ppocrv6-small', { ...auto, device: 'cuda' })).toBe('PP-OCRv6_rec_small.onnx');
  });

  it('uses an explicit precision without regard to the processor and the check', async () => {
    vi.mocked(suitsInt8).mockReturnValue(false);
    expect(await chosen('ppocrv6-small', { ...auto, precision: 'int8' })).toBe('PP-OCRv6_rec_small-int8.onnx');
    expect(await chosen('ppocrv6-small', { ...auto, precision: 'f32' })).toBe('PP-OCRv6_rec_small.onnx');
    expect(await chosen('ppocrv6-small-int8', auto)).toBe('PP-OCRv6_rec_small-int8.onnx');
  });

  it('chooses f32 if the int8 model does not load, and checks again on the next call', async () => {
    const breaks = vi.fn(() => Promise.reject(new Error('no such operator')));
    expect(await chosen('ppocrv6-small', auto, breaks)).toBe('PP-OCRv6_rec_small.onnx');
    expect(modelsInUse().map(({ reason }) => reason)).toContain('int8 did not pass its check: no such operator');
    expect(await chosen('ppocrv6-small', auto)).toBe('PP-OCRv6_rec_small-int8.onnx');
  });

  it('refuses an explicit precision that is not available', async () => {
    await expect(chosen('ppocrv6-small-int8', { ...auto, precision: 'f32' })).rejects.toThrow(
      /rec_model_dir ppocrv6-small-int8 is int8; set it to ppocrv6-small$/,
    );
    const int8 = { ...auto, precision: 'int8' } as const;
    await expect(chosen('ppocrv6-small', { ...int8, use_gpu: true })).rejects.toThrow(/use_gpu is true, and int8/);
    await expect(chosen('ppocrv6-small', { ...int8, device: 'cuda' })).rejects.toThrow(/device is cuda, and int8/);
  });

  it('reports the model of a path by its file name', async () => {
    const file = path.join(root, 'models', 'PP-OCRv6_rec_small.onnx');
    await chosen(file, auto);
    expect(modelsInUse()).toContainEqual({
      role: 'rec',
      model: 'PP-OCRv6_rec_small.onnx',
      precision: 'own',
      reason: 'a model of your own',
    });
  });

  it('refuses int8 for a set without an int8 model', async () => {
    await expect(chosen('ppocrv4-mobile', { ...auto, precision: 'int8' })).rejects.toMatchObject({
      code: 'value_invalid',
      message: expect.stringContaining('ppocrv4-mobile has no int8 form; ppocrv6-small has') as string,
    });
  });
});

describe('chooseModel with an unreadable cache', () => {
  const isWindows = process.platform === 'win32';

  async function checksAgain(): Promise<void> {
    passes.mockClear();
    expect(await chosen('ppocrv6-small', auto)).toBe('PP-OCRv6_rec_small-int8.onnx');
    expect(passes).toHaveBeenCalledOnce();
  }

  beforeEach(() => mkdir(path.join(home, 'cache')));

  it.each(['{"half', '{"a":"the form of before"}', '[]'])('checks again if the file holds %s', async (text) => {
    await writeFile(path.join(home, 'cache', 'precision.json'), text);
    await checksAgain();
  });

  it('checks again if a folder is in its place', async () => {
    await mkdir(path.join(home, 'cache', 'precision.json'));
    await checksAgain();
  });

  it.skipIf(isWindows)(
    'checks again if a pipe is in its place (skipped on Windows: it has no pipes in folders)',
    { timeout: 10_000 },
    async () => {
      await promisify(execFile)('mkfifo', [path.join(home, 'cache', 'precision.json')]);
      await checksAgain();
    },
  );

  it.skipIf(isWindows)(
    'checks again if a socket is in its place (skipped on Windows: it has no sockets in folders)',
    async () => {
      const server = createServer();
      onTestFinished(() => void server.close());
      await new Promise<void>((resolve) => server.listen(path.join(home, 'cache', 'precision.json'), resolve));
      await checksAgain();
    },
  );
});
