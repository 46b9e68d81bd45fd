import pidusage from 'pidusage';
import { expect, it, onTestFinished } from 'vitest';
import { ocrhub } from '../helpers/cli.js';
import { temporaryFolder } from '../helpers/home.js';
import { whitePng } from '../helpers/pictures.js';
import { health, predict, startServer, until } from '../helpers/server.js';

it('an idle process frees the memory of a large picture', { timeout: 60_000 }, async () => {
  const home = await temporaryFolder();
  expect((await ocrhub(home, ['install', 'ocr_det'])).code).toBe(0);
  const server = await startServer(home, { flags: ['-m', 'ocr_det'] });
  onTestFinished(async () => {
    await ocrhub(home, ['serving', 'stop', '--all']);
  });
  const [process] = (await health(server)).processes;
  const resident = async (): Promise<number> => (await pidusage(process?.pid ?? 0)).memory;
  const read = async (side: number): Promise<void> => {
    const { http } = await predict(server, 'ocr_det', { images: [await whitePng(side, side)] });
    expect(http).toBe(200);
  };
  // The detector sees both pictures at the same size and keeps the memory for that size.
  await read(1000);
  await read(1000);
  const before = await resident();
  await read(7000);
  // 147 MB decoded.
  const megabytes = await until(
    'the memory is freed',
    async () => ((await resident()) - before) / 1e6,
    (more) => more < 60,
    // Without the idle GC V8 frees it after about 20 s.
    10,
  );
  expect(megabytes).toBeLessThan(60);
});
