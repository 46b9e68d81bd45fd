import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ocrhubJson } from '../helpers/cli.js';
import { removeHome, sharedHome } from '../helpers/home.js';
import { installModule } from '../helpers/module.js';
import { makePdf } from '../helpers/pdf.js';
import { fixtureBytes, multiPageTiff } from '../helpers/pictures.js';
import { startServer, type TestServer } from '../helpers/server.js';
import { packageFiles, wordModule, writeFiles } from '../helpers/files.js';

interface Page {
  readonly page: number;
  readonly width: number;
  readonly height: number;
  readonly picture?: string;
  readonly result?: unknown;
}

interface Answer {
  readonly status: string;
  readonly msg: string;
  readonly results: unknown;
  readonly pages?: readonly (readonly Page[] | null)[];
}

let home: string;
let server: TestServer;

beforeAll(async () => {
  home = await sharedHome();
  const word = await writeFiles(path.join(home, 'src', 'word'), packageFiles(wordModule('word')));
  await ocrhubJson(home, ['install', word]);
  await installModule(
    home,
    `name: 'whole', version: '1.0.0',
  predict: ({ images }) => images.map(({ width, height }) => [width, height]),`,
  );
  server = await startServer(home, { flags: ['-m', 'word', 'whole'] });
});
afterAll(() => removeHome(home));

async function read(file: Uint8Array, fields: Record<string, string> = { page_pictures: 'true' }, route = 'word') {
  const query = new URLSearchParams(fields).toString();
  const response = await fetch(`${server.url}/predict/${route}?${query}`, {
    method: 'POST',
    body: Buffer.from(file),
    headers: { 'Content-Type': 'application/octet-stream' },
  });
  return { http: response.status, ...((await response.json()) as Answer) };
}

/** Format, width and height of a page's picture. */
async function sizeOf({ picture = '' }: Page): Promise<unknown[]> {
  const { format, width, height } = await sharp(Buffer.from(picture, 'base64')).metadata();
  return [format, width, height];
}

async function redOf({ picture = '' }: Page, left: number, top: number): Promise<number> {
  const pixel = sharp(Buffer.from(picture, 'base64')).extract({ left, top, width: 1, height: 1 });
  return (await pixel.raw().toBuffer())[0] ?? -1;
}

it('page_pictures lists the page of a picture too, as it was read', async () => {
  const { http, results, pages } = await read(fixtureBytes('demo.jpg'));
  const { width, height } = await sharp(fixtureBytes('demo.jpg')).metadata();
  expect([http, results, pages?.length, pages?.[0]?.length]).toEqual([200, ['one'], 1, 1]);
  const page = pages?.[0]?.[0];
  if (page === undefined) throw new Error('no page');
  expect([page.page, page.width, page.height, page.result]).toEqual([1, width, height, 'one']);
  expect(await sizeOf(page)).toEqual(['jpeg', width, height]);
});

it('the picture of a photo is turned as its EXIF orientation says', async () => {
  // Stored lying, with its black half on the left; turned clockwise by 90 degrees, the half is at the top.
  const half = {
    input: { create: { width: 60, height: 40, channels: 3, background: 'black' } },
    left: 0,
    top: 0,
  } as const;
  const stored = sharp({ create: { width: 120, height: 40, channels: 3, background: 'white' } }).composite([half]);
  const photo = await stored.jpeg().withMetadata({ orientation: 6 }).toBuffer();
  const page = (await read(photo)).pages?.[0]?.[0];
  if (page === undefined) throw new Error('no page');
  expect([page.width, page.height, ...(await sizeOf(page))]).toEqual([40, 120, 'jpeg', 40, 120]);
  expect(await redOf(page, 20, 20)).toBeLessThan(40);
  expect(await redOf(page, 20, 100)).toBeGreaterThan(215);
});

it('each page of a TIFF file has its own picture', async () => {
  const pages = (await read(await multiPageTiff(['#000', '#fff', '#c00']))).pages?.[0] ?? [];
  expect(pages.map(({ page }) => page)).toEqual([1, 2, 3]);
  const reds = await Promise.all(pages.map((page) => redOf(page, 15, 10)));
  expect(reds.map((red) => (red < 40 ? 'black' : red > 230 ? 'white' : 'red'))).toEqual(['black', 'white', 'red']);
});

it('the picture of a PDF page is turned as the page is, also where its own text is taken', async () => {
  const pdf = await makePdf([{ size: [300, 100], text: ['Turned'], rotate: 90 }]);
  for (const more of [{}, { use_text_layer: 'true' }]) {
    const page = (await read(pdf, { page_pictures: 'true', dpi: '72', ...more })).pages?.[0]?.[0];
    if (page === undefined) throw new Error('no page');
    expect([page.width, page.height, ...(await sizeOf(page))]).toEqual([100, 300, 'jpeg', 100, 300]);
  }
});

it('a picture of more than 4 megapixels is made smaller, and its page keeps its size', async () => {
  const large = await sharp({ create: { width: 4000, height: 2000, channels: 3, background: 'white' } })
    .png()
    .toBuffer();
  const page = (await read(large)).pages?.[0]?.[0];
  if (page === undefined) throw new Error('no page');
  expect([page.width, page.height]).toEqual([4000, 2000]);
  expect(await sizeOf(page)).toEqual(['jpeg', 2828, 1414]);
});

it('a module without an entry for each page has the pictures, and its answer as ever', async () => {
  const { results, pages } = await read(await multiPageTiff(['#000', '#fff']), { page_pictures: 'true' }, 'whole');
  expect(results).toEqual([
    [30, 20],
    [30, 20],
  ]);
  const [first, second] = pages?.[0] ?? [];
  expect(await Promise.all([first, second].map((page) => sizeOf(page ?? { page: 0, width: 0, height: 0 })))).toEqual([
    ['jpeg', 30, 20],
    ['jpeg', 30, 20],
  ]);
});

it('without page_pictures, an answer has no pictures and lists no pages of pictures', async () => {
  for (const fields of [{}, { page_pictures: 'false' }]) {
    expect(await read(fixtureBytes('demo.jpg'), fields)).toEqual({
      http: 200,
      msg: '',
      results: ['one'],
      status: '000',
    });
    const pages = (await read(await multiPageTiff(['#000', '#fff']), fields)).pages?.[0];
    expect(pages?.map((page) => 'picture' in page)).toEqual([false, false]);
  }
});

it('page_pictures together with a format is refused by name', async () => {
  const { http, msg } = await read(fixtureBytes('demo.jpg'), { page_pictures: 'true', format: 'text' });
  expect([http, msg]).toEqual([
    400,
    'Request to word: page_pictures is true: an answer in a format has no pictures of the pages',
  ]);
});
