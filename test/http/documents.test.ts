import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ocrhubJson } from '../helpers/cli.js';
import { removeHome, sharedHome, temporaryFolder } from '../helpers/home.js';
import { opened, send, type Answer, type Envelope } from '../helpers/http.js';
import { installModule, installProbe } from '../helpers/module.js';
import { makePdf } from '../helpers/pdf.js';
import { fixtureBytes, multiPageTiff } from '../helpers/pictures.js';
import { health, predict, startServer, type TestServer } from '../helpers/server.js';
import path from 'node:path';

interface Page {
  readonly page: number;
  readonly width: number;
  readonly height: number;
  readonly dpi?: number;
  readonly result: unknown;
}

interface DocumentEnvelope extends Envelope {
  readonly pages?: readonly (readonly Page[] | null)[];
}

let home = '';
let server: TestServer;
let pdf: Uint8Array;

beforeAll(async () => {
  home = await sharedHome();
  await ocrhubJson(home, ['install', 'ocr_system']);
  await ocrhubJson(home, ['install', 'ocr_cls']);
  await installProbe(home);
  await installModule(
    home,
    `name: 'own', version: '1.0.0',
  fields: z.object({ format: z.string().optional(), pages: z.number().optional(), code: z.string().optional() }),
  predict: ({ images, format, pages, code }) => ({ widths: images.map(({ width }) => width), format, pages, code }),`,
  );
  server = await startServer(home, {
    flags: ['-m', 'ocr_system', 'ocr_cls', 'probe', 'own', '--use_multiprocess', '--workers', '2', '--max_pages', '6'],
  });
  pdf = await makePdf([1, 2, 3, 4, 5].map((number) => ({ size: [216, 100], text: [`Page ${number}`] })));
});
afterAll(() => removeHome(home));

function postFile(
  bytes: Uint8Array,
  query = '',
  headers: Record<string, string> = {},
  route = 'ocr_system',
): Promise<Answer> {
  return send(`${server.url}/predict/${route}${query}`, {
    method: 'POST',
    body: bytes,
    headers: { 'Content-Type': 'application/pdf', ...headers },
  });
}

async function postForm(
  parts: Readonly<Record<string, string | Uint8Array | readonly Uint8Array[]>>,
  route = 'ocr_system',
) {
  const form = new FormData();
  for (const [name, part] of Object.entries(parts)) {
    const values = typeof part === 'string' || part instanceof Uint8Array ? [part] : part;
    for (const value of values) {
      if (typeof value === 'string') form.append(name, value);
      else form.append(name, new Blob([Buffer.from(value)]), `../folder/${name}.bin`);
    }
  }
  const response = await fetch(`${server.url}/predict/${route}`, { method: 'POST', body: form });
  return { http: response.status, type: response.headers.get('content-type'), text: await response.text() };
}

function envelopeOf({ text }: { readonly text: string }): DocumentEnvelope {
  return JSON.parse(text) as DocumentEnvelope;
}

const textsOf = (result: unknown): string[] => (result as { text: string }[]).map(({ text }) => text);

describe('a PDF file', () => {
  it('is answered with its first page in results, and with all pages in a field of their own', async () => {
    const answer = envelopeOf(await postFile(pdf));
    const [pages, ...others] = answer.pages ?? [];
    expect(others).toEqual([]);
    expect(pages?.map(({ page, width, height, dpi }) => [page, width, height, dpi])).toEqual(
      [1, 2, 3, 4, 5].map((page) => [page, 600, 278, 200]),
    );
    expect(pages?.flatMap(({ result }) => textsOf(result))).toEqual([1, 2, 3, 4, 5].map((n) => `Page ${n}`));
    expect(answer.results).toEqual([pages?.[0]?.result]);
  });

  it('in base64 beside a picture has null in the place of the picture', async () => {
    const images = [fixtureBytes('page.webp'), Buffer.from(pdf)].map((bytes) => bytes.toString('base64'));
    const answer = envelopeOf(await predict(server, 'ocr_system', { images, pages: '2-3' }));
    expect(answer.pages?.map((pages) => pages?.map(({ page }) => page) ?? null)).toEqual([null, [2, 3]]);
    expect((answer.results as unknown[][]).map(textsOf)).toEqual([['格式测试 Format', 'Colour 12345'], ['Page 2']]);
  });

  it.each([
    ['4', [4]],
    ['5-', [5]],
    ['3,1-2,2', [3, 1, 2]],
    [' 4 - 99 ', [4, 5]],
  ])('is read at the pages %j, in this order and each once', async (pages, numbers) => {
    const answer = envelopeOf(await postFile(pdf, `?pages=${encodeURIComponent(pages)}`));
    expect(answer.pages?.[0]?.map(({ page }) => page)).toEqual(numbers);
  });

  it.each([
    ['?pages=9', 422, 'No picture could be read: image 0: it has no page 9; its last page is 5'],
    ['?pages=0', 400, 'Request to ocr_system: pages is "0": expected page numbers such as 1-3,7 or 5-'],
    ['?pages=3-1', 400, 'Request to ocr_system: pages is "3-1": expected page numbers such as 1-3,7 or 5-'],
    ['?pages=all', 400, 'Request to ocr_system: pages is "all": expected page numbers such as 1-3,7 or 5-'],
    ['?dpi=5000', 400, 'Request to ocr_system: dpi is 5000: expected a number from 36 to 1200'],
    [
      '?use_text_layer=yes',
      400,
      'Request to ocr_system: use_text_layer is "yes": Invalid input: expected boolean, received string',
    ],
    ['?nonsense=1', 400, 'Request to ocr_system: unknown field "nonsense". See: /openapi.json'],
  ])('is refused with the query %s', async (query, http, msg) => {
    expect(opened(await postFile(pdf, query))).toMatchObject({ http, status: '101', msg });
  });

  it('with more pages than the limit is refused, unless the request selects fewer', async () => {
    const long = await makePdf(Array.from({ length: 7 }, () => ({ size: [72, 72] as const })));
    const refused = await postFile(long);
    expect(opened(refused)).toMatchObject({
      http: 422,
      msg: 'No picture could be read: image 0: 7 pages are more than the limit of 6',
    });
    expect(decodeURIComponent(String(refused.headers['x-ocrhub-hint']))).toContain('pages=1-6');
    expect((await postFile(long, '?pages=2-7')).http).toBe(200);
    const two = await postForm({ file: [pdf, long.slice()], pages: '1-4' });
    expect([two.http, envelopeOf(two).msg]).toEqual([422, '8 pages are more than the limit of 6']);
  });

  it('is rendered at the resolution that the request asks for', async () => {
    const [page] = envelopeOf(await postFile(pdf, '?dpi=100&pages=1')).pages?.[0] ?? [];
    expect(page).toMatchObject({ width: 300, height: 139, dpi: 100 });
  });

  it('that is encrypted needs its password', async () => {
    const locked = await makePdf([{ size: [216, 100], text: ['Secret'] }], { password: '007' });
    expect(opened(await postFile(locked))).toMatchObject({
      http: 422,
      msg: 'No picture could be read: image 0: the PDF file is encrypted, and no password was given',
    });
    expect(opened(await postFile(locked, '?password=7'))).toMatchObject({
      msg: 'No picture could be read: image 0: the PDF file is encrypted, and the password is wrong',
    });
    const answer = envelopeOf(await postFile(locked, '?password=007'));
    expect(textsOf(answer.pages?.[0]?.[0]?.result)).toEqual(['Secret']);
  });

  it('gives its own text if the request asks for it, and a scan in it is still read', async () => {
    const mixed = await makePdf([
      { size: [216, 100], text: ['Typed text'] },
      { size: [122, 50], picture: await sharp(fixtureBytes('page.webp')).png().toBuffer() },
    ]);
    const answer = envelopeOf(await postFile(mixed, '?use_text_layer=true'));
    const [typed, scan] = answer.pages?.[0] ?? [];
    expect(typed?.result).toMatchObject([
      { text: 'Typed text', confidence: 1, words: [{ text: 'Typed' }, { text: 'text' }] },
    ]);
    expect(textsOf(scan?.result)).toEqual(['格式测试 Format', 'Colour 12345']);
  });

  it('of which one page is damaged is refused with the number of the page', async () => {
    const broken = Buffer.from(
      await makePdf(
        [1, 2, 3].map((n) => ({ size: [216, 100] as const, text: [`Page ${n}`] })),
        { isPlain: true },
      ),
    );
    // The list of pages names an object for the second page that does not exist.
    const kids = broken.indexOf('/Kids [ ') + '/Kids [ '.length;
    broken.write('0', broken.indexOf(' 0 R ', kids) + ' 0 R '.length);
    const answer = opened(await postFile(broken));
    expect(answer).toMatchObject({ http: 422, status: '101' });
    expect(answer.msg).toContain('page 2 of 3: damaged PDF page');
  });
});

describe('other files with pages', () => {
  it('a TIFF file is answered with all pages', async () => {
    const tiff = await multiPageTiff(['#ff0000', '#00ff00', '#0000ff']);
    const answer = envelopeOf(await postFile(tiff, '', { 'Content-Type': 'image/tiff' }));
    expect(answer.pages?.[0]?.map(({ page, result }) => [page, result])).toEqual([1, 2, 3].map((page) => [page, []]));
  });

  it('an animated picture is one picture, and its frames can be asked for', async () => {
    const gif = await sharp(await multiPageTiff(['#ff0000', '#00ff00', '#0000ff']), { animated: true })
      .gif()
      .toBuffer();
    const first = await postFile(gif, '', { 'Content-Type': 'image/gif' });
    expect(first.text).toBe('{"msg":"","results":[[]],"status":"000"}\n');
    const frames = envelopeOf(await postFile(gif, '?pages=2-3', { 'Content-Type': 'image/gif' }));
    expect(frames.pages?.[0]?.map(({ page }) => page)).toEqual([2, 3]);
  });

  it('an answer for pictures alone has no pages', async () => {
    const { text } = await predict(server, 'ocr_system', { images: [fixtureBytes('blank.png').toString('base64')] });
    expect(text).toBe('{"msg":"","results":[[]],"status":"000"}\n');
  });
});

describe('a file as the body of a request', () => {
  it.each(['image/png', 'application/octet-stream', 'application/x-www-form-urlencoded', 'text/plain-no', ''])(
    'with the content type %j is recognized by its bytes',
    async (type) => {
      const answer = await postFile(fixtureBytes('page.png'), '', type === '' ? {} : { 'Content-Type': type });
      expect(answer.http).toBe(type === 'text/plain-no' ? 415 : 200);
    },
  );

  it('that is no picture is refused in the form of the protocol', async () => {
    expect(opened(await postFile(Buffer.from('a=b'), '', { 'Content-Type': 'image/png' }))).toMatchObject({
      http: 422,
    });
    expect(opened(await postFile(Buffer.alloc(0)))).toMatchObject({ http: 400, status: '112' });
  });

  it('takes its fields from the query, with the type that the module declares', async () => {
    const png = fixtureBytes('small.png');
    const answer = await postFile(png, '?pages=3&format=007&code=12', { 'Content-Type': 'image/png' }, 'own');
    // The module's own fields come before those for documents.
    expect(envelopeOf(answer).results).toMatchObject({ format: '007', pages: 3, code: '12' });
  });
});

describe('a form with files', () => {
  it('is answered like base64 in JSON', async () => {
    const form = await postForm({ file: [fixtureBytes('page.png'), fixtureBytes('blank.png')], drop_score: '0.1' });
    const json = await predict(server, 'ocr_system', {
      images: ['page.png', 'blank.png'].map((name) => fixtureBytes(name).toString('base64')),
      drop_score: 0.1,
    });
    expect(form.text).toBe(json.text);
  });

  it.each([
    [
      'no file',
      'multipart/form-data; boundary=x',
      '--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--x--\r\n',
    ],
    ['no boundary', 'multipart/form-data', 'anything'],
    [
      'an end too early',
      'multipart/form-data; boundary=x',
      '--x\r\nContent-Disposition: form-data; name="f"; filename="a"\r\n\r\nabc',
    ],
    ['nothing', 'multipart/form-data; boundary=x', ''],
  ])('with %s is refused', async (_, type, body) => {
    const answer = await postFile(Buffer.from(body), '', { 'Content-Type': type });
    expect(opened(answer)).toMatchObject({ http: 400, status: '112' });
  });
});

describe('a format', () => {
  it('is chosen by field, query or the header Accept, and its answer has its content type', async () => {
    const text = 'Page 2\n\fPage 3\n';
    const query = await postFile(pdf, '?format=text&pages=2-3');
    expect([query.http, query.headers['content-type'], query.text]).toEqual([200, 'text/plain; charset=utf-8', text]);
    const header = await postFile(pdf, '?pages=2-3', { Accept: 'text/plain' });
    expect(header.text).toBe(text);
    const form = await postForm({ file: pdf, pages: '2-3', format: 'text' });
    expect(form.text).toBe(text);
    const json = await predict(server, 'ocr_system', {
      images: [Buffer.from(pdf).toString('base64')],
      pages: '2-3',
      format: 'text',
    });
    expect(json.text).toBe(text);
  });

  it.each([
    '*/*',
    'application/json, text/plain, */*',
    'text/html,application/xhtml+xml,*/*;q=0.8',
    'application/json',
  ])('is not chosen by the header Accept: %s', async (accept) => {
    const answer = await postFile(fixtureBytes('blank.png'), '', { Accept: accept, 'Content-Type': 'image/png' });
    expect(envelopeOf(answer).status).toBe('000');
  });

  it('that shows the places of words turns them on', async () => {
    const answer = await postFile(pdf, '?format=tsv&pages=1');
    const words = answer.text.split('\n').filter((row) => row.startsWith('5\t'));
    expect(words.map((row) => row.split('\t').at(-1))).toEqual(['Page', '1']);
  });

  it('names the file as the client did, without folders', async () => {
    const answer = await postForm({ scan: pdf, format: 'json', pages: '1' });
    expect(JSON.parse(answer.text)).toMatchObject({
      documents: [{ name: 'scan.bin', pages: [{ page: 1, dpi: 200 }] }],
    });
  });

  it('is refused for a module that does not answer lines', async () => {
    expect(opened(await postFile(pdf, '?format=hocr', {}, 'ocr_cls'))).toMatchObject({
      http: 400,
      msg: 'format=hocr needs lines of text with their places, which ocr_cls does not answer',
    });
    expect(opened(await postFile(pdf, '?format=html'))).toMatchObject({ http: 400, status: '101' });
  });
});

describe('modules and processes', () => {
  it('a module without entries gets all pages of a document at once', async () => {
    const answer = await postFile(pdf, '', {}, 'own');
    expect(envelopeOf(answer).results).toMatchObject({ widths: [600, 600, 600, 600, 600] });
  });

  it('spreads the pages over the processes, and reads a page again whose process was killed', async () => {
    const folder = await temporaryFolder();
    const body = { images: [Buffer.from(pdf).toString('base64')] };
    const spread = await predict(server, 'probe', { ...body, blockMs: 100 });
    const pids = envelopeOf(spread).pages?.[0]?.map(({ result }) => (result as { pid: number }).pid);
    expect(new Set(pids).size).toBe(2);
    const recovered = await predict(server, 'probe', { ...body, dieUnless: path.join(folder, 'died') });
    expect(envelopeOf(recovered).pages?.[0]?.map(({ page }) => page)).toEqual([1, 2, 3, 4, 5]);
    expect((await health(server)).status).toBe('ready');
  });
});
