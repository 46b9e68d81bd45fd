import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createApp } from '../../../src/runtime/http/app.js';
import { hubServing } from '../../../src/runtime/http/protocols/hubserving/protocol.js';
import type {
  Health,
  PredictAnswer,
  RequestRecord,
  Service,
  ServiceDescription,
  ServiceRequest,
} from '../../../src/runtime/service/contract.js';
import { opened, post, send, type Answer } from '../../helpers/http.js';
import { httpOptions } from '../../helpers/http-options.js';
import { startRemote } from '../../helpers/remote-server.js';

vi.mock('../../../src/runtime/remote-files/network.js', async () => {
  const { openNetwork } = await import('../../helpers/remote-server.js');
  return { internet: openNetwork };
});

const answer: PredictAnswer = {
  results: { kind: 'whole', json: '1' },
  files: [],
  unreadable: [],
  queueMs: 0,
  stages: { decode: 0, detect: 0, classify: 0, recognize: 0 },
};

type Properties = ServiceDescription['fields']['properties'];

interface Options {
  readonly allowUrls?: readonly string[];
  readonly maxBody?: number;
  /** The module's own fields. */
  readonly properties?: Properties;
}

interface Started {
  /** The address of the module. */
  readonly url: string;
  readonly openApi: string;
  readonly requests: ServiceRequest[];
  readonly records: RequestRecord[];
}

async function start({ allowUrls = [], maxBody = 1000, properties = {} }: Options = {}): Promise<Started> {
  const requests: ServiceRequest[] = [];
  const records: RequestRecord[] = [];
  const service: Partial<Service> = {
    has: () => true,
    admit: () => undefined,
    checkFields: () => undefined,
    predict: (request) => {
      requests.push(request);
      return Promise.resolve(answer);
    },
    health: () => ({ version: '1.0.0' }) as Health,
    describe: () => [
      { route: 'm', version: '1.0.0', summary: '', fields: { type: 'object', properties, required: [] } },
    ],
    observe: (record) => void records.push({ ...record }),
    noteRefusal: () => undefined,
  };
  const protocols = [hubServing({ httpStatus200: false, allowUrls })] as const;
  const app = createApp(service as Service, protocols, httpOptions({ maxBody, allowUrls }));
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url: `${base}/predict/m`, openApi: `${base}/openapi.json`, requests, records };
}

/** A server that fetches from `files.example`, and that host. */
async function startBoth(options: Options = {}): Promise<Started & { remote: string; fetched: string[] }> {
  const { port, requests } = await startRemote(({ url = '' }, response) => void response.end(`file ${url}`));
  const started = await start({ allowUrls: [`files.example:${port}`], ...options });
  return { ...started, remote: `http://files.example:${port}`, fetched: requests };
}

function filesOf({ files }: ServiceRequest): [name: string, text: string][] {
  return files.map(({ name, bytes }) => [name, Buffer.from(bytes).toString()]);
}

function postForm(url: string, parts: readonly (readonly [string, string])[]): Promise<Answer> {
  const boundary = 'x1x';
  const texts = parts.map(
    ([name, value]) => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  return send(url, {
    method: 'POST',
    headers: { 'Content-Type': `multipart/form-data; boundary=${boundary}` },
    body: `${texts.join('')}--${boundary}--\r\n`,
  });
}

describe('a server without --allow_urls', () => {
  it.each([
    [{ images: ['YWJj'], urls: ['http://files.example/a'] }],
    [{ urls: ['http://127.0.0.1/a'] }],
    [{ images: [], urls: ['no address'] }],
  ])('refuses addresses, and names the option: %j', async (body) => {
    const { url, requests } = await start();
    const refused = await post(url, body);
    expect(opened(refused)).toEqual({
      http: 400,
      msg: 'Addresses of files are refused: this server was started without --allow_urls',
      results: '',
      status: '101',
    });
    expect(refused.headers['x-ocrhub-error']).toBe('urls_refused');
    expect(refused.headers['x-ocrhub-hint']).toMatch(/^Send the file itself, or start the server with --allow_urls /);
    expect(requests).toEqual([]);
  });

  it('refuses those of a form and of a query', async () => {
    const { url } = await start();
    expect((await postForm(url, [['url', 'http://files.example/a']])).headers['x-ocrhub-error']).toBe('urls_refused');
    const query = await send(`${url}?url=http%3A%2F%2Ffiles.example%2Fa`, { method: 'POST' });
    expect(query.headers['x-ocrhub-error']).toBe('urls_refused');
  });

  it('answers a request with an empty list of addresses, and describes no field for them', async () => {
    const { url, openApi, requests } = await start();
    expect((await post(url, { images: ['YWJj'], urls: [] })).http).toBe(200);
    expect(requests[0]?.fields).toEqual({});
    expect((await send(openApi)).text).not.toContain('urls');
    expect(opened(await post(url, { urls: [] })).msg).toMatch(/^The field "images" is missing/);
  });
});

describe('a server with --allow_urls', () => {
  it('adds the files behind those of the request', async () => {
    const { url, remote, requests, records, fetched } = await startBoth();
    const body = { images: ['YWJj'], urls: [`${remote}/x/b.png`, `${remote}/c.pdf?d`], drop_score: 0.5 };
    expect((await post(url, body)).http).toBe(200);
    expect(requests.map(filesOf)).toEqual([
      [
        ['', 'abc'],
        ['b.png', 'file /x/b.png'],
        ['c.pdf', 'file /c.pdf?d'],
      ],
    ]);
    expect(requests[0]?.fields).toEqual({ drop_score: 0.5 });
    expect(records).toMatchObject([{ images: 3, outcome: 'answered' }]);
    expect(fetched).toHaveLength(2);
  });

  it.each([{}, { images: [] }])('answers a request without pictures: %j', async (body) => {
    const { url, remote, requests } = await startBoth();
    expect((await post(url, { ...body, urls: [`${remote}/a`] })).http).toBe(200);
    expect(requests.map(filesOf)).toEqual([[['a', 'file /a']]]);
  });

  it('takes each "url" of a form and its query', async () => {
    const { url, remote, requests } = await startBoth();
    const form = [
      ['url', `${remote}/b`],
      ['pages', '1'],
      ['url', `${remote}/c`],
    ] as const;
    expect((await postForm(`${url}?url=${encodeURIComponent(`${remote}/a`)}`, form)).http).toBe(200);
    expect(requests.map(filesOf)).toEqual([['a', 'b', 'c'].map((name) => [name, `file /${name}`])]);
    expect(requests[0]).toMatchObject({ fields: {}, reading: { pages: '1' } });
  });

  it.each<Record<string, string>>([{}, { 'Content-Type': 'application/x-www-form-urlencoded' }])(
    'takes "url" of the query of a request without a body: %j',
    async (headers) => {
      const { url, remote, requests } = await startBoth();
      const query = `url=${encodeURIComponent(`${remote}/a?b=c`)}&url=${remote}/d&pages=2`;
      expect((await send(`${url}?${query}`, { method: 'POST', headers })).http).toBe(200);
      expect(requests.map(filesOf)).toEqual([
        [
          ['a', 'file /a?b=c'],
          ['d', 'file /d'],
        ],
      ]);
      expect(requests[0]?.reading).toMatchObject({ pages: '2' });
    },
  );

  it.each([
    [{ urls: 'http://files.example/a' }, 'it is a string'],
    [{ urls: null }, 'it is null'],
    [{ urls: [1] }, 'urls[0] is a number'],
    [{ urls: ['scan.png'] }, 'urls[0] is no address'],
  ])('refuses what is no list of addresses: %j', async (body, problem) => {
    const { url } = await startBoth();
    const { http, msg } = opened(await post(url, body));
    expect([http, msg]).toEqual([
      400,
      `The field "urls" must be a list of addresses such as https://example.com/scan.pdf: ${problem}`,
    ]);
  });

  it('refuses another host, and counts the refusal', async () => {
    const { url, requests, records } = await startBoth();
    const refused = await post(url, { urls: ['https://me:sesame@other.example/a?key=secret'] });
    expect(opened(refused)).toMatchObject({ http: 400, status: '101' });
    expect(refused.text + JSON.stringify(refused.headers)).not.toMatch(/sesame|secret/);
    const { msg } = opened(await post(url, { urls: ['https://other.example/a'] }));
    expect(msg).toBe(
      'https://other.example/a is refused: the host other.example is not in --allow_urls of this server',
    );
    expect(requests).toEqual([]);
    expect(records).toMatchObject([
      { outcome: 'invalid', httpStatus: 400 },
      { outcome: 'invalid', httpStatus: 400 },
    ]);
  });

  it('leaves a field of the module with the same name to the module', async () => {
    const { url, remote, openApi, requests, fetched } = await startBoth({
      properties: { urls: { type: 'array' }, url: { type: 'string' } },
    });
    expect((await post(url, { images: ['YWJj'], urls: [`${remote}/a`] })).http).toBe(200);
    const file = { method: 'POST', headers: { 'Content-Type': 'image/png' }, body: 'abc' };
    expect((await send(`${url}?url=${remote}/a`, file)).http).toBe(200);
    expect(requests.map(({ fields, files }) => [fields, files.length])).toEqual([
      [{ urls: [`${remote}/a`] }, 1],
      [{ url: `${remote}/a` }, 1],
    ]);
    expect(fetched).toEqual([]);
    expect((await send(openApi)).text).not.toContain('allow_urls');
  });

  it('describes the field in /openapi.json', async () => {
    const { openApi } = await startBoth({ properties: { size: { type: 'number' } } });
    const { paths } = JSON.parse((await send(openApi)).text) as {
      paths: Record<string, { post: { requestBody: { content: Record<string, { schema: object }> } } }>;
    };
    expect(paths['/predict/m']?.post.requestBody.content['application/json']?.schema).toMatchObject({
      required: [],
      anyOf: [{ required: ['images'] }, { required: ['urls'] }],
      properties: { images: {}, size: {}, urls: { type: 'array', maxItems: 20, items: { type: 'string' } } },
    });
  });
});
