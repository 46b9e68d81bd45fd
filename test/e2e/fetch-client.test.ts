import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OcrhubClient, OcrhubError } from '../../src/runtime/fetch-client/index.js';
import { ocrhub, root } from '../helpers/cli.js';
import { freePort, removeHome, sharedHome } from '../helpers/home.js';
import { makePdf } from '../helpers/pdf.js';
import { startServer } from '../helpers/server.js';

const fixture = (name: string): Promise<Buffer> => readFile(path.join(root, 'test', 'fixtures', name));
const token = 'a-token-of-the-test';

describe('ocrhub/client with a server', () => {
  let home: string;
  let url: string;
  let client: OcrhubClient;

  beforeAll(async () => {
    home = await sharedHome();
    await ocrhub(home, ['install', path.join('src', 'modules', 'ocr_system')]);
    ({ url } = await startServer(home, { flags: ['-m', 'ocr_system'], env: { OCRHUB_TOKEN: token } }));
    client = new OcrhubClient(url, { token, retries: 0 });
  });

  afterAll(() => removeHome(home));

  it('read returns the documents of several files, with the names, pages and words that were asked for', async () => {
    const receipt = { picture: await fixture('receipt.jpg'), size: [200, 450] } as const;
    const pdf = await makePdf([receipt, { picture: await fixture('demo.jpg'), size: [500, 350] }, receipt]);
    const files = [new File([pdf], 'three.pdf', { type: 'application/pdf' }), new Blob([await fixture('small.png')])];
    const fields = { return_word_box: true, drop_score: 0.5 };
    const [document, picture] = await client.read(files.slice(0, 1), { pages: '3,2', fields });
    expect(picture).toBeUndefined();
    expect(document?.name).toBe('three.pdf');
    expect(document?.pages.map(({ page }) => page)).toEqual([3, 2]);
    const second = document?.pages.find(({ page }) => page === 2);
    const title = second?.lines.find(({ text }) => text === 'Mountain and River Tea House');
    expect(title?.words?.map(({ text }) => text)).toEqual(['Mountain', 'and', 'River', 'Tea', 'House']);
    expect(title?.text_region).toHaveLength(4);
    expect(await client.read(files)).toHaveLength(2);
  });

  it('read opens an encrypted PDF file with its password', async () => {
    const pdf = await makePdf([{ text: ['Hello 12345'] }], { password: 'geheim' });
    const [document] = await client.read(pdf, { password: 'geheim' });
    expect(document?.pages[0]?.lines[0]?.text).toBe('Hello 12345');
    await expect(client.read(pdf)).rejects.toMatchObject({ name: 'OcrhubError', status: 422 });
    await expect(client.read(pdf, { password: 'wrong' })).rejects.toMatchObject({ name: 'OcrhubError', status: 422 });
  });

  it.each([
    ['text', /Colour 12345/],
    ['markdown', /Colour 12345/],
    ['tsv', /^level\tpage_num\t[^]*\t12345$/m],
    ['hocr', /class=['"]ocrx_word['"][^>]*>12345</],
    ['alto', /CONTENT="12345"/],
  ] as const)('readAs %s returns the text of the format', async (format, expected) => {
    expect(await client.readAs(format, await fixture('small.png'))).toMatch(expected);
  });

  it.each([
    ['pdf', '%PDF-'],
    ['png', '\u0089PNG'],
    ['docx', 'PK\u0003\u0004'],
    ['page', '<?xml'],
  ] as const)('readAs %s returns the bytes of a file', async (format, magic) => {
    const bytes = await client.readAs(format, await fixture('small.png'));
    expect(Buffer.from(bytes.subarray(0, magic.length)).toString('latin1')).toBe(magic);
  });

  it('predict returns what HubServing answers', async () => {
    const { results, msg, status } = await client.predict([await fixture('small.png'), await fixture('blank.png')]);
    expect([msg, status]).toEqual(['', '000']);
    expect(results.map((lines) => lines.map(({ text }) => text))).toEqual([['格式测试 Format', 'Colour 12345'], []]);
  });

  it('predict returns the pages of a document', async () => {
    const page = { picture: await fixture('small.png'), size: [280, 100] } as const;
    const { pages } = await client.predict([await fixture('small.png'), await makePdf([page, page])]);
    expect(pages?.[0]).toBeNull();
    expect(pages?.[1]?.map(({ page: number, width }) => [number, width > 0])).toEqual([[1, true], [2, true]]); // prettier-ignore
    expect(pages?.[1]?.[1]?.result).toMatchObject([{ text: '格式测试 Format' }, { text: 'Colour 12345' }]);
  });

  it('health and ready describe the server', async () => {
    expect(await client.ready()).toBe(true);
    expect((await client.health()).modules.map(({ route }) => route)).toEqual(['ocr_system']);
  });

  it('errors have the code of the server', async () => {
    const picture = await fixture('small.png');
    const codeOf = async (reading: Promise<unknown>): Promise<unknown[]> => {
      const error: unknown = await reading.then(() => undefined, (reason: unknown) => reason); // prettier-ignore
      return error instanceof OcrhubError ? [error.status, error.code, error.requestId !== undefined] : [error];
    };
    expect(await codeOf(new OcrhubClient(url).read(picture))).toEqual([401, 'token_refused', true]);
    expect(await codeOf(new OcrhubClient(url, { token, module: 'my_ocr' }).read(picture))).toEqual([404, 'module_not_served', true]); // prettier-ignore
    expect(await codeOf(client.read(picture, { fields: { drop_score: 7 } }))).toEqual([400, 'value_invalid', true]);
    expect(await codeOf(client.read(picture, { fields: { drop_scores: 0.7 } }))).toEqual([400, 'key_unknown', true]);
    expect(await codeOf(client.predict([new Uint8Array([1, 2, 3])]))).toEqual([422, 'no_image_readable', true]);
    const closed = new OcrhubClient(`http://127.0.0.1:${await freePort()}`, { retries: 0 });
    expect(await codeOf(closed.ready())).toEqual([undefined, 'server_unreachable', false]);
  });

  it('an abort ends a request', async () => {
    const signal = AbortSignal.timeout(1);
    await expect(client.read(await fixture('receipt.jpg'), { signal })).rejects.toMatchObject({ name: 'TimeoutError' });
  });
});
