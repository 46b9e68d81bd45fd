import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { homeAt } from '../../../src/runtime/config/home.js';
import { blankImage } from '../../../src/runtime/image/image.js';
import { engineOf, runWithEngine } from '../../../src/runtime/inference/engine.js';
import { Detector } from '../../../src/runtime/ocr/detect/detector.js';
import { detectorParams } from '../../../src/runtime/ocr/detect/params.js';
import { resolveCreateOptions } from '../../../src/runtime/ocr/create-options.js';
import { systemParams } from '../../../src/runtime/ocr/params.js';
import { deviceOf } from '../../../src/runtime/ocr/shared-params.js';
import { TextSystem } from '../../../src/runtime/ocr/text-system.js';
import { root } from '../../helpers/cli.js';
import { temporaryFolder } from '../../helpers/home.js';

describe('the options of create()', () => {
  it('get the defaults of the schema', () => {
    const { params } = resolveCreateOptions(systemParams, { det_limit_side_len: 1280 }, 'TextSystem.create');
    expect(params).toEqual({ ...systemParams.parse({}), det_limit_side_len: 1280 });
  });

  it('override the preset that they name', () => {
    const given = { setting: 'fast', rec_margin: 2 };
    const { params } = resolveCreateOptions(systemParams, given, 'TextSystem.create');
    expect(params).toMatchObject({ det_limit_side_len: 736, rec_margin: 2 });
  });

  it('of a stage may contain the parameters of the whole pipeline', () => {
    const { params } = resolveCreateOptions(detectorParams, systemParams.parse({ rec_margin: 9 }), 'Detector.create');
    expect(params).toEqual(detectorParams.parse({}));
  });

  it.each([
    [{ det_limit_side_le: 1280 }, /^TextSystem\.create: .*"det_limit_side_le".*"det_limit_side_len"/],
    [{ thread: 4 }, /"thread".*"threads"/],
    [{ threads: 0 }, /^TextSystem\.create: threads is 0/],
    [{ det_limit_side_len: 5 }, /^TextSystem\.create: det_limit_side_len is 5/],
  ])('%j are refused with the name of the wrong option', async (options: object, message) => {
    await expect(TextSystem.create(options)).rejects.toThrow(message);
    expect(
      () =>
        new TextSystem({
          detector: { detect: () => Promise.resolve([]) },
          recognizer: { recognize: () => Promise.resolve([]) },
          params: options,
        }),
    ).toThrow('TextSystem');
  });

  it('may have names of a module of its own inside a host, which has checked them; a program is refused them', () => {
    const given = { totals: true, drop_score: 0.7, threads: 2 };
    const home = homeAt(path.resolve('/host'), path.resolve('/host/config.json'));
    const { params, engine } = runWithEngine({ home, threads: 1 }, () =>
      resolveCreateOptions(systemParams, given, 'TextSystem.create'),
    );
    expect(params).toEqual(systemParams.parse({ drop_score: 0.7 }));
    expect(engine.threads).toBe(2);
    expect(() => resolveCreateOptions(systemParams, given, 'TextSystem.create')).toThrow(/"totals"/);
  });

  it('of a hosted module are still checked by value', () => {
    const host = { home: homeAt(path.resolve('/host'), path.resolve('/host/config.json')), threads: 1 };
    const create = () => resolveCreateOptions(systemParams, { drop_score: 7 }, 'TextSystem.create');
    expect(() => runWithEngine(host, create)).toThrow(/drop_score is 7/);
  });

  it('select the device with `device` or with `use_gpu: true`, which wins', () => {
    expect(deviceOf(systemParams.parse({}))).toBe('cpu');
    expect(deviceOf(systemParams.parse({ device: 'cuda' }))).toBe('cuda');
    expect(deviceOf(systemParams.parse({ use_gpu: true, device: 'cpu' }))).toBe('cuda');
  });
});

describe('the engine of a pipeline', () => {
  it('has one thread and the home folder from OCRHUB_HOME by default', () => {
    vi.stubEnv('OCRHUB_HOME', '/somewhere');
    expect(engineOf()).toMatchObject({ threads: 1, home: { root: path.resolve('/somewhere') } });
    vi.unstubAllEnvs();
  });

  it('needs no home folder for a pipeline of parts that loads no model', async () => {
    const userHome = await temporaryFolder();
    await mkdir(path.join(userHome, '.ocrhub'));
    await writeFile(path.join(userHome, '.ocrhub', 'config.json'), 'damaged');
    vi.stubEnv('OCRHUB_HOME', undefined);
    vi.stubEnv('HOME', userHome);
    const parts = {
      detector: { detect: () => Promise.resolve([]) },
      recognizer: { recognize: () => Promise.resolve([]) },
    };
    const system = new TextSystem(parts);
    await expect(system.read(blankImage(8, 8))).resolves.toEqual([]);
    await expect(TextSystem.create()).rejects.toMatchObject({ code: 'defaults_damaged' });
    vi.unstubAllEnvs();
  });

  it('is the engine of runWithEngine, also after an await, unless the options override it', async () => {
    const host = { threads: 3, home: homeAt(path.resolve('/host'), path.resolve('/host/config.json')) };
    await runWithEngine(host, async () => {
      await new Promise((resolve) => setTimeout(resolve, 1));
      expect(engineOf()).toEqual(host);
      expect(engineOf({ threads: 2 })).toEqual({ ...host, threads: 2 });
      expect(engineOf({ home: '/other' })).toMatchObject({ threads: 3, home: { root: path.resolve('/other') } });
    });
    expect(engineOf().threads).toBe(1);
  });

  it('finds only the models of the home folder that was passed to create()', async () => {
    const [one, other] = [await temporaryFolder(), await temporaryFolder()];
    await mkdir(path.join(one, 'models', 'mine'), { recursive: true });
    const small = path.join(root, 'models', 'PP-OCRv6_det_small.onnx');
    await copyFile(small, path.join(one, 'models', 'mine', 'det.onnx'));
    const detector = await Detector.create({ home: one, det_model_dir: 'mine' });
    await expect(Detector.create({ home: other, det_model_dir: 'mine' })).rejects.toMatchObject({
      code: 'model_unknown',
    });
    await detector.dispose();
    await detector.dispose();
  });
});
