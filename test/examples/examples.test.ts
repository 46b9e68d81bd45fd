import { existsSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ocrhub, ocrhubJson, root } from '../helpers/cli.js';
import { removeHome, sharedHome } from '../helpers/home.js';
import { opened } from '../helpers/http.js';
import { fixture } from '../helpers/pictures.js';
import { predict, startServer, type TestServer } from '../helpers/server.js';

let home: string;
let server: TestServer;

beforeAll(async () => {
  home = await sharedHome();
  const modules = readdirSync(path.join(root, 'examples')).map((name) => path.join(root, 'examples', name));
  const examples = modules.filter((folder) => existsSync(path.join(folder, 'index.ts')));
  await ocrhubJson(home, ['install', 'ocr_system', ...examples]);
  server = await startServer(home, { flags: ['-m', 'ocr_system', 'with_angle', 'receipt'] });
});

afterAll(() => removeHome(home));

const ask = async <R>(route: string, body: object): Promise<R> =>
  opened(await predict(server, route, body)).results as R;

describe('with-angle', () => {
  interface Line {
    readonly text: string;
    readonly angle: string;
    readonly tilt: number;
  }

  it('answers which way up each line stands', async () => {
    const images = [fixture('page.png'), fixture('upside-down.png')];
    const [upright, turned] = await ask<[Line[], Line[]]>('with_angle', { images });
    expect(upright.length).toBe(12);
    expect(new Set(upright.map(({ angle }) => angle))).toEqual(new Set(['0']));
    expect(new Set(turned.map(({ angle }) => angle))).toEqual(new Set(['180']));
    expect(turned.map(({ text }) => text).sort()).toEqual(upright.map(({ text }) => text).sort());
  });

  it('answers how far a line is tilted', async () => {
    const [lines] = await ask<[Line[]]>('with_angle', { images: [fixture('demo.jpg')] });
    const tilted = lines.filter(({ tilt }) => Math.abs(tilt) > 5);
    expect(tilted.map(({ text }) => text)).toEqual(['今日特价 20% off']);
    expect(Math.abs(tilted[0]?.tilt ?? 0)).toBeCloseTo(10, -0.5);
  });
});

describe('receipt', () => {
  interface Receipt {
    readonly total: { readonly amount: number; readonly currency: string | null } | null;
    readonly date: string | null;
  }

  it('answers total and date', async () => {
    const [receipt] = await ask<[Receipt]>('receipt', { images: [fixture('receipt.jpg')] });
    expect(receipt).toMatchObject({ total: { amount: 50.28, currency: null }, date: '2026-03-14' });
  });

  it('takes fields of its own', async () => {
    const images = [fixture('receipt.jpg')];
    expect(await ask('receipt', { images, currency: 'GBP' })).toMatchObject([{ total: { currency: 'GBP' } }]);
    // There is no month 14.
    expect(await ask('receipt', { images, month_first: true })).toMatchObject([{ date: null }]);
  });

  it('refuses what its schema refuses', async () => {
    const images = [fixture('pixel.png')];
    const refused = opened(await predict(server, 'receipt', { images, currency: 'pounds' }));
    expect(refused.msg).toBe('Request to receipt: currency is "pounds": expected three capitals, such as EUR');
    const unknown = opened(await predict(server, 'receipt', { images, curency: 'GBP' }));
    expect(unknown.msg).toMatch(/^Request to receipt: unknown field "curency"; did you mean "currency"\?/);
  });

  it('answers null where there is neither', async () => {
    expect(await ask('receipt', { images: [fixture('blank.png')] })).toEqual([{ total: null, date: null, lines: [] }]);
  });

  it('is shown with its fields', async () => {
    const { stdout } = await ocrhub(home, ['show', 'receipt']);
    expect(stdout).toMatch(/^FIELD OF A REQUEST +ALLOWED +UNIT +REQUIRED +MEANING$/m);
    expect(stdout).toMatch(/^month_first +boolean +Whether 03\/04\/2026 is the fourth of March\.$/m);
  });

  /** The day as receipts write it, with or without zeros in front. */
  const datePattern = (date: string | null): RegExp => {
    const [year, month, day] = (date ?? '0-0-0').split('-').map(Number);
    return new RegExp(`\\b0?${day}/0?${month}/${year}`);
  };

  const receipts = path.resolve(root, '..', 'shared', 'data', 'receipts');
  it.skipIf(!existsSync(receipts))('reads scanned receipts (where they are there)', async () => {
    const names = ['000', '026', '078', '130', '156'];
    for (const name of names) {
      const image = (await readFile(path.join(receipts, `${name}.jpg`))).toString('base64');
      const [{ total, date }] = await ask<[Receipt]>('receipt', { images: [image] });
      const labels = await readFile(path.join(receipts, `${name}.csv`), 'utf8');
      expect(labels, `total of ${name}`).toContain(total?.amount.toFixed(2) ?? 'no total');
      expect(labels, `date of ${name}`).toMatch(datePattern(date));
    }
  });
});

describe('calls-another', () => {
  it('adds to what the other service answers', async () => {
    const url = `${server.url}/predict/ocr_system`;
    const caller = await startServer(home, { flags: ['-m', 'calls_another', '--set', `calls_another.url=${url}`] });
    const images = [fixture('page.png'), fixture('receipt.jpg')];
    const answers = opened(await predict(caller, 'calls_another', { images })).results as {
      lines: { text: string }[];
      addresses: string[];
    }[];
    const direct = await ask<{ text: string }[][]>('ocr_system', { images });
    expect(answers.map(({ lines }) => lines)).toEqual(direct);
    expect(answers.map(({ addresses }) => addresses)).toEqual([[], ['www.corner-market.example']]);
  });

  it('says why when the other service cannot be asked', async () => {
    const url = 'http://127.0.0.1:1/predict/ocr_system';
    const caller = await startServer(home, { flags: ['-m', 'calls_another', '--set', `calls_another.url=${url}`] });
    const answer = await predict(caller, 'calls_another', { images: [fixture('pixel.png')] });
    expect([answer.http, opened(answer).status]).toEqual([500, '101']);
    expect(opened(answer).msg).toContain(`${url} cannot be asked: `);
  });
});
