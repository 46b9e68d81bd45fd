import pidusage from 'pidusage';
import { expect, it, onTestFinished } from 'vitest';
import { ocrhub } from '../helpers/cli.js';
import { temporaryFolder } from '../helpers/home.js';
import { whitePng } from '../helpers/pictures.js';
import { health, predict, startServer, until } from '../helpers/server.js';

it('an idle process gives back what a large picture took', { timeout: 60_000 }, async () => {
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
  // The detector sees both at the same size, and keeps the memory for that.
  await read(1000);
  await read(1000);
  const before = await resident();
  await read(7000);
  // 147 MB decoded.
  const megabytes = await until(
    'the memory is given back',
    async () => ((await resident()) - before) / 1e6,
    (more) => more < 60,
    // Of itself V8 does so too, after some 20 s.
    10,
  );
  expect(megabytes).toBeLessThan(60);
});
