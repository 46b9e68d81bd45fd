import { cp, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { embeddedFolder } from '../../src/runtime/models/manifest.js';
import { ocrhub } from '../helpers/cli.js';
import { temporaryFolder } from '../helpers/home.js';
import { opened } from '../helpers/http.js';
import { fixture } from '../helpers/pictures.js';
import { predict, startServer, untilHealth } from '../helpers/server.js';

it('a server keeps the home folder it was started in when the user sets another one, also for restarted processes', async () => {
  const user = await temporaryFolder();
  const env = { HOME: user, USERPROFILE: user };
  const models = path.join(user, '.ocrhub', 'models', 'mine');
  await mkdir(models, { recursive: true });
  await cp(path.join(embeddedFolder, 'PP-OCRv6_det_small.onnx'), path.join(models, 'det.onnx'));
  expect((await ocrhub('', ['install', 'ocr_det'], { env })).code).toBe(0);
  const server = await startServer('', { flags: ['-m', 'ocr_det', '--set', 'det_model_dir=mine'], env });
  const { processes } = await untilHealth(server, 'ready', ({ status }) => status === 'ready');
  onTestFinished(async () => {
    await ocrhub(path.join(user, '.ocrhub'), ['serving', 'stop', '--all']);
  });

  expect((await ocrhub('', ['config', 'set', 'home', path.join(user, 'elsewhere')], { env })).code).toBe(0);
  process.kill(processes[0]?.pid ?? 0, 'SIGKILL');
  const replaced = await untilHealth(
    server,
    'replaced',
    (now) =>
      now.status === 'failed' || now.processes.some(({ pid, state }) => pid !== processes[0]?.pid && state === 'idle'),
  );
  expect(replaced.status).toBe('ready');
});

it('a server keeps its home folder for a classifier that is loaded with the first request that needs it', async () => {
  const user = await temporaryFolder();
  const env = { HOME: user, USERPROFILE: user };
  const models = path.join(user, '.ocrhub', 'models', 'mine');
  await mkdir(models, { recursive: true });
  await cp(path.join(embeddedFolder, 'ch_ppocr_mobile_v2.0_cls_mobile.onnx'), path.join(models, 'cls.onnx'));
  expect((await ocrhub('', ['install', 'ocr_system'], { env })).code).toBe(0);
  const server = await startServer('', { flags: ['-m', 'ocr_system', '--set', 'cls_model_dir=mine'], env });
  onTestFinished(async () => {
    await ocrhub(path.join(user, '.ocrhub'), ['serving', 'stop', '--all']);
  });
  expect((await ocrhub('', ['config', 'set', 'home', path.join(user, 'elsewhere')], { env })).code).toBe(0);
  const answer = await predict(server, 'ocr_system', { images: [fixture('demo.jpg')], use_angle_cls: true });
  expect(opened(answer)).toMatchObject({ status: '000' });
});
