import { readdir, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ocrhub, type CliResult } from '../helpers/cli.js';
import { namesIn } from '../helpers/files.js';
import { freePort, removeHome, sharedHome, temporaryFolder } from '../helpers/home.js';
import { copyInstallation } from '../helpers/installation.js';

/* What keeps a server from becoming ready: it is told in the module's own words, and nothing is left running. */

let home: string;

beforeAll(async () => {
  home = await sharedHome();
  await ocrhub(home, ['install', 'ocr_det', 'ocr_system']);
});

afterAll(() => removeHome(home));

async function start(
  module: string,
  initArgs: object,
  env: NodeJS.ProcessEnv = {},
  predictArgs: object = {},
  exit = 5,
): Promise<CliResult> {
  const file = path.join(await temporaryFolder(), 'config.json');
  const port = await freePort();
  await writeFile(
    file,
    JSON.stringify({ modules_info: { [module]: { init_args: initArgs, predict_args: predictArgs } }, port }),
  );
  const result = await ocrhub(home, ['serving', 'start', '-c', file], { env });
  expect([result.code, result.stdout]).toEqual([exit, '']);
  expect(await namesIn(path.join(home, 'serving'))).toEqual([]);
  await expect(fetch(`http://127.0.0.1:${port}/health`)).rejects.toThrow();
  return result;
}

/** A value that the user wrote is a matter of usage. */
function refuse(module: string, initArgs: object, predictArgs: object = {}): Promise<CliResult> {
  return start(module, initArgs, {}, predictArgs, 2);
}

describe('init_args', () => {
  it('with an unknown name are refused with the file and the place in it', async () => {
    const { stderr } = await refuse('ocr_det', { det_db_treshold: 0.3 });
    expect(stderr).toMatch(
      /^Error: \S+config\.json: modules_info\.ocr_det\.init_args: unknown parameter "det_db_treshold"/,
    );
  });

  it('out of range are refused with the file, the place in it and the range', async () => {
    const { stderr } = await refuse('ocr_system', { version: '1.0.0', drop_score: 2 });
    expect(stderr).toMatch(
      /^Error: \S+config\.json: modules_info\.ocr_system\.init_args\.drop_score is 2: expected a number from 0 to 1\n$/,
    );
  });

  it('that only the module itself can refuse are refused by its process', async () => {
    const { stderr } = await refuse('ocr_system', { rec_image_shape: '3, 4, 320' });
    expect(stderr).toMatch(/^Error: Module ocr_system cannot be started: init_args of ocr_system: rec_image_shape is /);
  });
});

describe('--set', () => {
  it('out of range is refused with the range, by a start and by run', async () => {
    const started = await ocrhub(home, [
      'serving',
      'start',
      '-m',
      'ocr_system',
      '-p',
      String(await freePort()),
      '--set',
      'ocr_system.drop_score=7',
    ]);
    const refused = (assignment: string): string => `Error: --set ${assignment}: expected a number from 0 to 1\n`;
    expect(started).toEqual({ code: 2, stdout: '', stderr: refused('ocr_system.drop_score=7') });
    const page = path.join('test', 'fixtures', 'pixel.png');
    const run = await ocrhub(home, ['run', 'ocr_system', page, '--set', 'drop_score=7']);
    expect(run).toEqual({ code: 2, stdout: '', stderr: refused('drop_score=7') });
  });

  it('with an unknown precision is refused', async () => {
    const values = ['precision=f32', 'det_model_dir=ppocrv6-small-int8'];
    const port = String(await freePort());
    const { code, stderr } = await ocrhub(home, ['serving', 'start', '-m', 'ocr_det', '-p', port, '--set', ...values]);
    expect(code).toBe(2);
    expect(stderr).toContain('precision is "f32": det_model_dir ppocrv6-small-int8 is int8; set it to ppocrv6-small');
  });
});

describe('predict_args', () => {
  it.each([
    [
      { drop_scor: 0.5 },
      /: modules_info\.ocr_system\.predict_args: unknown parameter "drop_scor".*did you mean "drop_score"\?/,
    ],
    [{ drop_score: 2 }, /: modules_info\.ocr_system\.predict_args\.drop_score is 2: expected a number from 0 to 1\n$/],
    // A request cannot load another model.
    [{ det_model_dir: 'x' }, /: modules_info\.ocr_system\.predict_args: unknown parameter "det_model_dir"/],
  ])('%j are refused with their place in the file', async (predictArgs, problem) => {
    expect((await refuse('ocr_system', {}, predictArgs)).stderr).toMatch(problem);
  });
});

describe('a model', () => {
  it('whose file is missing is named', async () => {
    const { stderr } = await start('ocr_det', { det_model_dir: '/nowhere/det.onnx' });
    expect(stderr).toBe(
      'Error: Module ocr_det cannot be started: Model file /nowhere/det.onnx is missing\nPut the model there, or name a model set.\n',
    );
  });

  it('that is missing from its folder is named', async () => {
    const folder = await temporaryFolder();
    const { stderr } = await start('ocr_det', { det_model_dir: folder });
    expect(stderr).toBe(
      `Error: Module ocr_det cannot be started: Model file ${path.join(folder, 'det.onnx')} is missing\nA model folder holds det.onnx, or inference.onnx and inference.yml.\n`,
    );
  });

  it('that is no known set is refused with the known sets', async () => {
    const { stderr } = await start('ocr_det', { det_model_dir: 'ppocrv9-huge' });
    expect(stderr).toMatch(
      /No det model "ppocrv9-huge": it is neither a known model set \(.*ppocrv6-small.*\) nor a file/,
    );
  });

  it('that is no ONNX network is refused', async () => {
    const file = path.join(await temporaryFolder(), 'det.onnx');
    await writeFile(file, 'not a network');
    const { stderr } = await start('ocr_det', { det_model_dir: file });
    expect(stderr).toContain(
      `Error: Module ocr_det cannot be started: Model ${file} cannot be used: it does not load: `,
    );
  });

  it('of ocrhub that was truncated is refused by its SHA-256', async () => {
    const copy = await damagedInstallation();
    const port = String(await freePort());
    const installation = { installation: copy };
    const own = path.join(copy, 'home');
    await ocrhub(own, ['install', 'ocr_det'], installation);
    const result = await ocrhub(own, ['serving', 'start', '-m', 'ocr_det', '-p', port], installation);
    expect(result.code).toBe(5);
    expect(result.stderr).toMatch(
      /^Error: Module ocr_det cannot be started: Model file .*PP-OCRv6_det_small(-int8)?\.onnx is damaged: its SHA-256 is [0-9a-f]{64}, expected [0-9a-f]{64}\nReinstall ocrhub if the file came with it; /,
    );
  });
});

it('use_gpu with CUDA_VISIBLE_DEVICES but without CUDA is refused, and does not run on the CPU', async () => {
  const { stderr } = await start('ocr_det', { use_gpu: true }, { CUDA_VISIBLE_DEVICES: '0' });
  expect(stderr).toMatch(/^Error: Module ocr_det cannot be started: cannot run on the GPU: (CUDA|onnxruntime) /);
});

it.each([{ use_gpu: true }, { device: 'cuda' }])(
  '%j with CUDA_VISIBLE_DEVICES that names no GPU is refused',
  async (args) => {
    const { stderr } = await start('ocr_det', args, { CUDA_VISIBLE_DEVICES: '-1' });
    expect(stderr).toContain('cannot run on the GPU: CUDA_VISIBLE_DEVICES is "-1", which names no GPU\n');
  },
);

/** A copy of ocrhub in which the detection model ends too early. */
async function damagedInstallation(): Promise<string> {
  const copy = await copyInstallation();
  const models = path.join(copy, 'models');
  // Whichever form of the detector runs on this processor.
  const detectors = (await readdir(models)).filter((name) => name.startsWith('PP-OCRv6_det_small'));
  for (const name of detectors) await truncate(path.join(models, name), 1000);
  return copy;
}
