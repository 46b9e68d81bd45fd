import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { ocrhub, ocrhubJson, root } from '../helpers/cli.js';
import { freePort, temporaryHome } from '../helpers/home.js';

it("the guide's commands install, start, read a picture and stop", async () => {
  const home = await temporaryHome();
  const port = String(await freePort());
  const installed = await ocrhubJson<{ name: string; version: string }>(home, ['install', './src/modules/ocr_system']);
  expect(installed).toMatchObject({ name: 'ocr_system', version: '1.0.0', replaced: false });

  const started = await ocrhubJson<{ url: string; pid: number }>(home, [
    'serving',
    'start',
    '-m',
    'ocr_system',
    '-p',
    port,
  ]);
  const image = await readFile(path.join(root, 'test', 'fixtures', 'demo.jpg'), 'base64');
  const response = await fetch(`${started.url}/predict/ocr_system`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ images: [image] }),
  });
  const answer = (await response.json()) as { msg: string; status: string; results: { text: string }[][] };
  expect(answer).toMatchObject({ msg: '', status: '000' });
  expect(answer.results[0]?.map((line) => line.text)).toEqual([
    '山水茶馆',
    '今日特价 20% off',
    'Mountain and River Tea House',
    '春天的新茶已经到店，欢迎您来品尝。',
    'Fresh spring tea has arrived. Come in and try a cup.',
    '西湖龙井',
    'Green tea',
    '68.00',
    '云南普洱',
    'Dark tea',
    '45.50',
    '茉莉花茶',
    'Jasmine tea',
    '32.80',
    '营业时间 Open daily 09:00-21:30',
    '电话 0571-8888 1234',
  ]);

  const stopped = await ocrhub(home, ['serving', 'stop', '-p', port]);
  expect(stopped).toMatchObject({ code: 0, stdout: `Stopped the server on port ${port} (pid ${started.pid})\n` });
  await expect(fetch(`${started.url}/health`)).rejects.toThrow();
});
