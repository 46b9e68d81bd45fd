import { describe, expect, it } from 'vitest';
import { OcrhubClient, OcrhubError, type ClientOptions } from '../../../src/runtime/fetch-client/index.js';

const picture = new Uint8Array([255, 216, 255, 0, 128]);
const line = { text: 'Hello', confidence: 0.9, text_region: [[8, 8], [90, 8], [90, 30], [8, 30]] }; // prettier-ignore
const documents = [{ name: 'a.jpg', pages: [{ page: 1, width: 100, height: 40, rotation: 0, lines: [line] }] }];
const envelope = { msg: '', results: [[line]], status: '000' };

type Answer = () => Response | Promise<Response>;

interface Sent {
  readonly url: string;
  readonly init: RequestInit;
}

/** A client whose server answers each request with the next of `answers`, the last one for good. */
function clientOf(answers: readonly Answer[], options: ClientOptions & { url?: string } = {}) {
  const sent: Sent[] = [];
  const fake = async (url: unknown, init: RequestInit = {}): Promise<Response> => {
    const answer = answers[Math.min(sent.push({ url: String(url), init }), answers.length) - 1];
    init.signal?.throwIfAborted();
    return answer === undefined ? new Response('') : answer();
  };
  const { url = 'http://127.0.0.1:8868', ...rest } = options;
  return { client: new OcrhubClient(url, { fetch: fake, ...rest }), sent };
}

const json = (value: unknown, init?: ResponseInit) => () => Response.json(value, init);

function refusal(status: number, code: string, more: Record<string, string> = {}): Answer {
  const headers = { 'X-Ocrhub-Error': code, 'X-Request-Id': 'id-1', ...more };
  return json({ msg: `refused: ${code}`, results: '', status: '101' }, { status, headers });
}

const failure = (code: string) => () => Promise.reject(new TypeError('fetch failed', { cause: codedError(code) }));

function codedError(code: string): Error {
  return Object.assign(new Error(`connect ${code}`), { code });
}

async function caught(promise: Promise<unknown>): Promise<OcrhubError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof OcrhubError)) throw new Error(`expected an OcrhubError, got ${String(error)}`);
  return error;
}

/** The parts of a form; a file is its name and bytes. */
async function partsOf({ init }: Sent): Promise<[string, unknown][]> {
  const form = init.body as FormData;
  return Promise.all(
    [...form].map(async ([name, value]): Promise<[string, unknown]> => {
      const bytes = typeof value === 'string' ? undefined : new Uint8Array(await value.arrayBuffer());
      return [name, typeof value === 'string' ? value : [value.name, value.type, ...(bytes ?? [])]];
    }),
  );
}

describe('read', () => {
  it('read posts a form with the file and the fields, and returns the documents', async () => {
    const { client, sent } = clientOf([json({ documents })], { token: 'secret', module: 'my ocr' });
    const fields = { drop_score: 0.6, return_word_box: true, setting: 'fast', list: [1, 2], left_out: undefined };
    const file = new File([picture], 'a.jpg', { type: 'image/jpeg' });
    expect(await client.read(file, { pages: '1-3,7', password: 'geheim', fields })).toEqual(documents);
    const [request] = sent;
    expect(request?.url).toBe('http://127.0.0.1:8868/predict/my%20ocr');
    expect(request?.init).toMatchObject({ method: 'POST', headers: { Authorization: 'Bearer secret' } });
    expect(request === undefined ? [] : await partsOf(request)).toEqual([
      ['drop_score', '0.6'],
      ['return_word_box', 'true'],
      ['setting', 'fast'],
      ['list', '[1,2]'],
      ['pages', '1-3,7'],
      ['password', 'geheim'],
      ['format', 'json'],
      ['file', ['a.jpg', 'image/jpeg', ...picture]],
    ]);
  });

  it.each([
    ['a Blob', new Blob([picture])],
    ['a Uint8Array', picture],
    ['a view into a larger buffer', new Uint8Array([1, 2, ...picture, 3]).subarray(2, 7)],
    ['an ArrayBuffer', picture.slice().buffer],
    ['a Buffer', Buffer.from(picture)],
  ])('read sends the bytes of %s under a name', async (_, file) => {
    const { client, sent } = clientOf([json({ documents })]);
    await client.read(file);
    const [request] = sent;
    const parts = request === undefined ? [] : await partsOf(request);
    expect(parts.at(-1)).toEqual(['file', ['file-1', '', ...picture]]);
  });

  it('read sends several files in their order', async () => {
    const { client, sent } = clientOf([json({ documents })]);
    await client.read([picture, new File([picture], 'b.png')]);
    const [request] = sent;
    const parts = request === undefined ? [] : await partsOf(request);
    expect(parts.slice(1).map(([, part]) => (part as unknown[])[0])).toEqual(['file-1', 'b.png']);
  });

  it.each([['a path', './a.jpg'], ['a number', 5], ['an object', {}], ['null', null], ['no file', []]])(
    'read refuses %s before it sends anything',
    async (_, file) => {
      const { client, sent } = clientOf([json({ documents })]);
      await expect(client.read(file as unknown as Blob)).rejects.toThrow(TypeError);
      expect(sent).toEqual([]);
    },
  ); // prettier-ignore

  it.each([
    ['the page of a proxy', () => new Response('<html>')],
    ['HubServing, of an older server', json(envelope)],
    ['a list', json([])],
    ['null', json(null)],
    ['documents that are none', json({ documents: 5 })],
  ])('read throws answer_unexpected for %s', async (_, answer) => {
    const error = await caught(clientOf([answer]).client.read(picture));
    expect(error).toMatchObject({ code: 'answer_unexpected', status: 200, hint: '' });
  });
});

describe('readAs', () => {
  it.each(['text', 'markdown', 'tsv', 'hocr', 'alto'] as const)('readAs %s returns text', async (format) => {
    const { client, sent } = clientOf([() => new Response('Grüße 山')]);
    expect(await client.readAs(format, picture)).toBe('Grüße 山');
    expect((sent[0]?.init.body as FormData).get('format')).toBe(format);
  });

  it.each(['pdf', 'png', 'docx', 'page'] as const)('readAs %s returns bytes', async (format) => {
    const { client } = clientOf([() => new Response(picture)]);
    expect(await client.readAs(format, picture)).toEqual(picture);
  });

  it.each(['json', 'doc', 'toString', ''])('readAs refuses the format "%s" and names the others', async (format) => {
    const { client, sent } = clientOf([() => new Response('')]);
    await expect(client.readAs(format as 'text', picture)).rejects.toThrow('text, markdown, tsv');
    expect(sent).toEqual([]);
  });
});

describe('predict', () => {
  it('predict posts base64 and fields as JSON, and returns the envelope', async () => {
    const { client, sent } = clientOf([json(envelope)]);
    expect(await client.predict([picture, 'AAAA', new Blob([picture])], { drop_score: 0.7 })).toEqual(envelope);
    expect(sent[0]?.init.headers).toMatchObject({ 'Content-Type': 'application/json' });
    const base64 = Buffer.from(picture).toString('base64');
    expect(JSON.parse(sent[0]?.init.body as string)).toEqual({ drop_score: 0.7, images: [base64, 'AAAA', base64] });
  });

  it('predict encodes large pictures as Buffer does', async () => {
    const large = Uint8Array.from({ length: 0x8000 * 3 + 1 }, (_, index) => (index * 7919) % 256);
    const { client, sent } = clientOf([json(envelope)]);
    await client.predict([large]);
    const { images } = JSON.parse(sent[0]?.init.body as string) as { images: string[] };
    expect(images).toEqual([Buffer.from(large).toString('base64')]);
  });

  it('predict keeps the msg of pictures that could not be read', async () => {
    const partial = { msg: 'picture 2: not a picture', results: [[line], []], status: '000' };
    expect(await clientOf([json(partial)]).client.predict([picture, picture])).toEqual(partial);
  });

  it('predict throws answer_unexpected unless the answer has the form of HubServing', async () => {
    const error = await caught(clientOf([json({ documents })]).client.predict([picture]));
    expect(error.code).toBe('answer_unexpected');
    expect(error.message).toContain('`results`');
  });
});

describe('health and ready', () => {
  it.each([['ready', true], ['starting', false], ['draining', false], ['failed', false]])(
    'ready of a server that is %s is %s',
    async (status, expected) => {
      const { client, sent } = clientOf([json({ status, reason: '' })], { url: 'https://example.org/ocr/' });
      expect(await client.ready()).toBe(expected);
      expect(sent[0]?.url).toBe('https://example.org/ocr/health');
    },
  ); // prettier-ignore

  it('health throws if something else answers', async () => {
    expect((await caught(clientOf([json({})]).client.health())).code).toBe('answer_unexpected');
    expect((await caught(clientOf([() => new Response('no', { status: 404 })]).client.ready())).code).toBe('http_404');
  });
});

describe('errors', () => {
  it('an error has the code, the status, the message, the hint and the id of the request', async () => {
    const hint = { 'X-Ocrhub-Hint': 'Drehe%20es %E5%B1%B1 100%25' };
    const error = await caught(clientOf([refusal(422, 'image_too_large', hint)]).client.read(picture));
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({
      name: 'OcrhubError',
      code: 'image_too_large',
      status: 422,
      message: 'refused: image_too_large',
      hint: 'Drehe es 山 100%',
      requestId: 'id-1',
    });
  });

  it('a hint that is not percent-encoded stays as it is', async () => {
    const error = await caught(
      clientOf([refusal(400, 'x', { 'X-Ocrhub-Hint': 'use 100% of it' })]).client.read(picture),
    );
    expect(error.hint).toBe('use 100% of it');
  });

  it('an error that the server sends with status 200 is thrown', async () => {
    const { client, sent } = clientOf([refusal(200, 'value_invalid')]);
    expect(await caught(client.readAs('pdf', picture))).toMatchObject({ code: 'value_invalid', status: 200 });
    expect(sent).toHaveLength(1);
  });

  it('an error with status 200 is thrown where a browser hides the headers', async () => {
    const hidden = json({ msg: 'no such module', results: '', status: '111' });
    for (const call of [clientOf([hidden]).client.read(picture), clientOf([hidden]).client.predict([picture])]) {
      expect(await caught(call)).toMatchObject({ code: 'http_200', message: 'no such module' });
    }
  });

  it.each([
    ['the page of a proxy', '<html>', 502, 'The server answered with 502 Bad Gateway'],
    ['an empty body', '', 500, 'The server answered with 500 Bad Gateway'],
    ['other JSON', '{"error":"x"}', 418, 'The server answered with 418 Bad Gateway'],
    ['null', 'null', 404, 'The server answered with 404 Bad Gateway'],
  ])('an error without a code, with %s, has the code of its status', async (_, body, status, message) => {
    const answer = () => new Response(body, { status, statusText: 'Bad Gateway' });
    expect(await caught(clientOf([answer]).client.read(picture))).toMatchObject({ code: `http_${status}`, message });
  });
});

describe('retries', () => {
  it.each([429, 503])('a request that is refused with %i is sent again', async (status) => {
    const busy = refusal(status, 'queue_full', { 'Retry-After': '0' });
    const { client, sent } = clientOf([busy, busy, json({ documents })]);
    expect(await client.read(picture)).toEqual(documents);
    expect(sent).toHaveLength(3);
    expect(sent[2]?.init.body).toBe(sent[0]?.init.body);
  });

  it('a busy server that sends status 200 gets the request again', async () => {
    const { client, sent } = clientOf([refusal(200, 'queue_full', { 'Retry-After': '0' }), json({ documents })]);
    await client.read(picture);
    expect(sent).toHaveLength(2);
  });

  it.each([[0, 1], [1, 2], [undefined, 4]])('retries: %s makes at most %i requests', async (retries, expected) => {
    const { client, sent } = clientOf([refusal(503, 'not_ready', { 'Retry-After': '0' })], { retries });
    expect(await caught(client.read(picture))).toMatchObject({ code: 'not_ready', status: 503 });
    expect(sent).toHaveLength(expected);
  }); // prettier-ignore

  it.each([400, 401, 404, 408, 413, 422, 500, 502, 504])(
    'a request that is refused with %i is sent once',
    async (status) => {
      const { client, sent } = clientOf([refusal(status, 'x', { 'Retry-After': '0' })]);
      await caught(client.read(picture));
      expect(sent).toHaveLength(1);
    },
  );

  it.each(['process_died', 'module_start_failed'])('a request is sent once if its code is %s', async (code) => {
    const { client, sent } = clientOf([refusal(503, code, { 'Retry-After': '0' })]);
    await caught(client.read(picture));
    expect(sent).toHaveLength(1);
  });

  it('waits as long as Retry-After says', async () => {
    const { client } = clientOf([refusal(429, 'queue_full', { 'Retry-After': '1' }), json({ documents })]);
    const started = performance.now();
    await client.read(picture);
    expect(performance.now() - started).toBeGreaterThan(950);
  });

  it('a request that cannot have reached the server is sent again', async () => {
    const { client, sent } = clientOf([failure('ECONNREFUSED'), json({ documents })]);
    await client.read(picture);
    expect(sent).toHaveLength(2);
  });

  it.each(['ECONNRESET', 'UND_ERR_SOCKET'])('a page is sent once if its connection breaks (%s)', async (code) => {
    const { client, sent } = clientOf([failure(code)]);
    expect(await caught(client.read(picture))).toMatchObject({
      code: 'server_unreachable',
      status: undefined,
      message: `No answer from http://127.0.0.1:8868/predict/ocr_system: connect ${code}`,
    });
    expect(sent).toHaveLength(1);
  });

  it('a connection that breaks in the middle of an answer is an OcrhubError', async () => {
    const broken = () =>
      new Response(
        new ReadableStream({
          start: (controller) => {
            controller.error(new TypeError('terminated'));
          },
        }),
      );
    expect((await caught(clientOf([broken]).client.readAs('pdf', picture))).code).toBe('server_unreachable');
  });

  it('health is asked again after any failure of the connection', async () => {
    const { client, sent } = clientOf([failure('ECONNRESET'), json({ status: 'ready' })]);
    expect(await client.ready()).toBe(true);
    expect(sent).toHaveLength(2);
  });
});

describe('abort', () => {
  it('an aborted request throws the reason of its signal', async () => {
    const reason = new Error('the user left');
    const { client } = clientOf([json({ documents })]);
    await expect(client.read(picture, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });

  it('an abort ends the pause between two attempts', async () => {
    const controller = new AbortController();
    const { client, sent } = clientOf([refusal(429, 'queue_full', { 'Retry-After': '20' })]);
    const reading = client.read(picture, { signal: controller.signal });
    setTimeout(() => controller.abort(), 50);
    await expect(reading).rejects.toThrow(DOMException);
    expect(sent).toHaveLength(1);
  });
});

describe('options', () => {
  it.each(['127.0.0.1:8868', 'ftp://example.org', '', 'http://127.0.0.1:8868/predict/ocr_system', 'http://x/?a=1'])(
    'the address "%s" is refused',
    (url) => {
      expect(() => new OcrhubClient(url)).toThrow(`got ${JSON.stringify(url)}`);
    },
  );

  it.each([-1, Number.NaN, 'x'])('retries: %s is refused', (retries) => {
    expect(() => new OcrhubClient('http://x', { retries: retries as number })).toThrow(TypeError);
  });
});
