import { readFileSync } from 'node:fs';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ocrhub } from '../helpers/cli.js';
import { removeHome, sharedHome } from '../helpers/home.js';
import { opened } from '../helpers/http.js';
import { fixture, fixtureBytes } from '../helpers/pictures.js';
import { health, predict, readLog, startServer, type TestServer } from '../helpers/server.js';

/** 2480 x 1754 px, 4.35 million: three large lines above six of small print, which a second look finds. */
const page = fixture('small-print.png');
const { large, small } = JSON.parse(fixtureBytes('small-print.json').toString()) as Record<'large' | 'small', string[]>;

let home = '';
let server: TestServer;
beforeAll(async () => {
  home = await sharedHome();
  const { code, stderr } = await ocrhub(home, ['install', 'ocr_system', 'ocr_det']);
  if (code !== 0) throw new Error(stderr);
  server = await startServer(home, {
    flags: ['-m', 'ocr_system', 'ocr_det', '--max_pixels', '20MP', '--workers', '1'],
  });
});
afterAll(() => removeHome(home));

it('a picture above --max_pixels is refused, and one below it gets its second look', async () => {
  const narrow = await startServer(home, { flags: ['-m', 'ocr_system', '--max_pixels', '4.3MP'] });
  const refused = opened(await predict(narrow, 'ocr_system', { images: [page] }));
  expect(refused.status).not.toBe('000');
  expect(refused.msg).toMatch(/2480 x 1754/);
  const answer = opened<{ text: string }[][]>(await predict(server, 'ocr_system', { images: [page] }));
  expect(answer.results[0]?.map(({ text }) => text)).toEqual([...large, ...small]);
});

describe.runIf(process.platform === 'linux')('a page full of small print, as large as --max_pixels allows', () => {
  it('needs little more memory with the second look than without, and its process is not replaced', async () => {
    const [columns, rows] = [6, 14];
    const full = await pageOfSmallPrint(columns, rows);
    const pid = (await health(server)).processes[0]?.pid ?? 0;
    const boxesOf = async (fields: object): Promise<number> => {
      const answer = await predict(server, 'ocr_det', { images: [full], ...fields });
      return opened<unknown[][]>(answer).results[0]?.length ?? 0;
    };
    const found = await boxesOf({ det_small_print: false });
    const without = peakBytes(pid);
    expect(await boxesOf({})).toBeGreaterThanOrEqual(columns * rows * small.length);
    expect(found).toBeLessThan(columns * rows * small.length);
    // The closest look sees four million pixels. A run of the detector takes 185 to 202 bytes for each (docs/decisions/0014), so without
    // slices they would take 800 MB.
    expect(peakBytes(pid) - without).toBeLessThan(250e6);
    expect((await health(server)).processes.map((one) => one.pid)).toEqual([pid]);
    expect((await readLog(server.logFile)).map(({ msg }) => msg)).not.toContain('inference process is replaced');
  });
});

/** Blocks of six lines of small print side by side and below each other, in a picture of 19 million pixels. */
async function pageOfSmallPrint(columns: number, rows: number): Promise<string> {
  const { width: across, height: down } = await sharp(fixtureBytes('small-print.png')).metadata();
  const half = Math.round(down / 2);
  const lower = sharp(fixtureBytes('small-print.png')).extract({
    left: 0,
    top: half,
    width: across,
    height: down - half,
  });
  const block = await sharp(await lower.toBuffer())
    .trim()
    .toBuffer();
  const [width, height] = [5000, 3800];
  const blocks = Array.from({ length: columns * rows }, (_, i) => ({
    input: block,
    left: 100 + (i % columns) * 400,
    top: 100 + Math.floor(i / columns) * 135,
  }));
  const whole = sharp({ create: { width, height, channels: 3, background: 'white' } }).composite(blocks);
  return (await whole.png().toBuffer()).toString('base64');
}

/** Resident memory at its peak. */
function peakBytes(pid: number): number {
  const found = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(found?.[1]) * 1024;
}
