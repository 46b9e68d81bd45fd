import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { OcrHubError } from '../../../src/runtime/errors/error.js';
import { createApp } from '../../../src/runtime/http/app.js';
import { hubServing } from '../../../src/runtime/http/protocols/hubserving/protocol.js';
import type {
  Health,
  PredictAnswer,
  Refusal,
  RequestRecord,
  Service,
  ServiceRequest,
} from '../../../src/runtime/service/contract.js';
import { httpOptions, tokensOf } from '../../helpers/http-options.js';
import { opened, post, send, type Answer } from '../../helpers/http.js';
import { plainProtocol } from '../../helpers/plain-protocol.js';

const answer: PredictAnswer = {
  results: { kind: 'entries', entries: ['[{"text":"Tee"}]'], nested: false },
  files: [{ kind: 'picture', pages: [{ number: 1, width: 20, height: 10 }] }],
  unreadable: [],
  queueMs: 3,
  stages: { decode: 1, detect: 2, classify: 0, recognize: 4 },
};

interface OpenApi {
  readonly paths: object;
  readonly components: { readonly schemas: object };
}

interface Started {
  readonly url: string;
  readonly requests: ServiceRequest[];
  readonly records: RequestRecord[];
  readonly refusals: Refusal[];
}

interface Options {
  readonly token?: string;
  readonly httpStatus200?: boolean;
  /** Refuses requests before it reads their bodies. */
  readonly admit?: () => void;
  readonly predict?: () => PredictAnswer;
}

/** Starts both protocols on one port, with a service of the module `m`. */
async function start({ token, httpStatus200 = false, admit, predict = () => answer }: Options = {}): Promise<Started> {
  const requests: ServiceRequest[] = [];
  const records: RequestRecord[] = [];
  const refusals: Refusal[] = [];
  const service: Partial<Service> = {
    has: (route) => route === 'm',
    admit: () => admit?.(),
    checkFields: () => undefined,
    async predict(request) {
      requests.push(request);
      return Promise.resolve(predict());
    },
    health: () => ({ version: '1.0.0' }) as Health,
    describe: () => [
      { route: 'm', version: '1.0.0', summary: '', fields: { type: 'object', properties: {}, required: [] } },
    ],
    observe: (record) => void records.push({ ...record }),
    noteRefusal: (refusal) => void refusals.push(refusal),
  };
  const protocols = [hubServing({ httpStatus200, allowUrls: [] }), plainProtocol()] as const;
  const app = createApp(service as Service, protocols, httpOptions({ maxBody: 1000, tokens: () => tokensOf(token) }));
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests, records, refusals };
}

function postPlain(url: string, body = 'picture', headers: Record<string, string> = {}): Promise<Answer> {
  return send(url, { method: 'POST', body, headers: { 'Content-Type': 'application/octet-stream', ...headers } });
}

describe('a second protocol beside HubServing', () => {
  it('answers for the same modules in its own format', async () => {
    const { url, requests, records } = await start();
    const plain = await postPlain(`${url}/plain/m/read`, 'picture', { 'X-Request-Id': 'first' });
    expect([plain.http, plain.text]).toEqual([201, '20 x 10\n[{"text":"Tee"}]\n']);
    const hub = await post(`${url}/predict/m`, { images: ['YWJj'], drop_score: 0.5 });
    expect(hub.text).toBe('{"msg":"","results":[[{"text":"Tee"}]],"status":"000"}\n');

    const texts = requests.map(({ route, files, fields }) => [
      route,
      files.map(({ bytes }) => Buffer.from(bytes).toString()),
      fields,
    ]);
    expect(texts).toEqual([
      ['m', ['picture'], {}],
      ['m', ['abc'], { drop_score: 0.5 }],
    ]);
    expect(records).toMatchObject([
      { id: 'first', route: 'm', images: 1, outcome: 'answered', httpStatus: 201, status: 'OK', queueMs: 3 },
      { route: 'm', images: 1, outcome: 'answered', httpStatus: 200, status: '000', stages: answer.stages },
    ]);
  });

  it('reads the query and the headers of a request, and may answer by them', async () => {
    const { url, requests } = await start();
    const headers = { 'Content-Language': 'de', Accept: 'text/csv' };
    const answered = await postPlain(`${url}/plain/m/read?share=2`, 'picture', headers);
    expect(requests[0]?.fields).toEqual({ share: '2', language: 'de' });
    expect(answered.text).toBe('20 x 10,[{"text":"Tee"}],');
  });

  it('is in /openapi.json beside HubServing, with schemas of its own', async () => {
    const { url } = await start();
    const { paths, components } = JSON.parse((await send(`${url}/openapi.json`)).text) as OpenApi;
    expect(Object.keys(paths)).toEqual(expect.arrayContaining(['/predict/m', '/plain/m/read']));
    expect(Object.keys(components.schemas)).toEqual(['Answer', 'Lines']);
  });

  it('sends the headers that every answer has', async () => {
    const { url } = await start();
    const { headers } = await postPlain(`${url}/plain/m/read`, 'picture', { 'X-Request-Id': 'given' });
    expect(headers['x-request-id']).toBe('given');
    expect(headers['server-timing']).toMatch(/^queue;dur=3\.0, decode;dur=1\.0, detect;dur=2\.0, .*total;dur=/);
  });

  it('may accept a request for later instead of answering it, and then it is not counted', async () => {
    const { url, requests, records } = await start();
    const sent = { method: 'PUT', body: 'picture', headers: { 'Content-Type': 'application/octet-stream' } };
    const accepted = await send(`${url}/plain/m/jobs`, sent);
    expect([accepted.http, accepted.text, accepted.headers.location]).toEqual([202, '7 bytes', '/plain/jobs/1']);
    expect([requests, records]).toEqual([[], []]);
    expect((await send(`${url}/plain/n/jobs`, sent)).http).toBe(404);
    expect(records).toMatchObject([{ outcome: 'not_found' }]);
  });

  it('has addresses of other methods, with and without a token, and refuses the methods that they do not have', async () => {
    const { url } = await start({ token: 'sesame' });
    const headers = { Authorization: 'Bearer sesame' };
    expect((await send(`${url}/plain/jobs/7`)).text).toMatch(/^ERROR unauthorized token_refused/);
    expect(await send(`${url}/plain/jobs/7`, { headers })).toMatchObject({ http: 200, text: '7' });
    const text = { ...headers, 'Content-Type': 'text/plain' };
    expect((await send(`${url}/plain/jobs/7`, { method: 'POST', body: 'x', headers: text })).text).toBe('x');
    expect((await send(`${url}/plain/jobs/7`, { method: 'POST', body: 'x', headers })).http).toBe(415);
    expect((await send(`${url}/plain/open/7`)).text).toBe(
      'ERROR not_found module_not_served: Module it is not available.\n',
    );
    const refused = await send(`${url}/plain/jobs/7`, { method: 'DELETE', headers });
    expect([refused.http, refused.headers.allow]).toEqual([405, 'GET, POST, HEAD, OPTIONS']);
  });

  it('serves its own pages without a token', async () => {
    const { url, records } = await start({ token: 'sesame' });
    expect(await send(`${url}/plain`)).toMatchObject({ http: 200, text: 'POST a picture to /plain/<module>/read\n' });
    expect(records).toEqual([]);
  });

  it('refuses a wrong token in its own format, and counts the request', async () => {
    const { url, requests, records } = await start({ token: 'sesame' });
    const refused = await postPlain(`${url}/plain/m/read`);
    expect([refused.http, refused.text]).toEqual([
      401,
      'ERROR unauthorized token_refused: This server asks for a token\n',
    ]);
    expect(refused.headers['www-authenticate']).toBe('Bearer');
    const admitted = await postPlain(`${url}/plain/m/read`, 'picture', { Authorization: 'Bearer sesame' });
    expect(admitted.http).toBe(201);
    expect(requests).toHaveLength(1);
    expect(records).toMatchObject([
      { outcome: 'unauthorized', httpStatus: 401, status: 'ERROR', message: 'This server asks for a token' },
      { outcome: 'answered' },
    ]);
  });

  it('refuses a request in its own format, before it reads the body, if the queue is full', async () => {
    const { url, requests, records } = await start({
      admit: () => {
        throw new OcrHubError('queue_full', { waiting: 64, what: 'requests' });
      },
    });
    const refused = await postPlain(`${url}/plain/m/read`);
    expect([refused.http, refused.text]).toEqual([
      429,
      'ERROR overloaded queue_full: The queue is full: 64 requests are waiting\n',
    ]);
    expect(refused.headers).toMatchObject({
      'retry-after': '1',
      'x-ocrhub-error': 'queue_full',
      'x-ocrhub-hint': 'Try again later, or start the server with a higher --max_queue.',
    });
    expect(requests).toEqual([]);
    expect(records).toMatchObject([{ outcome: 'overloaded', httpStatus: 429, images: 0 }]);
  });

  it.each<{ path?: string; bytes?: number; type?: string; http: number; text: RegExp }>([
    { path: '/plain/x/read', http: 404, text: /^ERROR not_found module_not_served: Module x is not available\.\n$/ },
    {
      type: 'text/plain',
      http: 415,
      text: /^ERROR malformed .*"text\/plain"; send the body as application\/octet-stream/,
    },
    { bytes: 1001, http: 413, text: /^ERROR too_large body_too_large: The body is larger than 1000 bytes\n$/ },
    {
      path: '/plain/m/nothing',
      http: 404,
      text: /; pictures are sent to POST \/plain\/<module>\/read or PUT \/plain\/<module>\/jobs\n$/,
    },
    { path: '/plain/%zz/read', http: 400, text: /^ERROR malformed request_.*; expected the bytes of a picture\n$/ },
  ])('writes each error in its own format: %j', async ({ path = '/plain/m/read', bytes = 7, type, http, text }) => {
    const { url } = await start();
    const headers: Record<string, string> = type === undefined ? {} : { 'Content-Type': type };
    const refused = await postPlain(`${url}${path}`, 'x'.repeat(bytes), headers);
    expect(refused.http).toBe(http);
    expect(refused.text).toMatch(text);
  });

  it('allows only POST on a predict route', async () => {
    const { url } = await start();
    const get = await send(`${url}/plain/m/read`);
    expect([get.http, get.headers.allow, get.text]).toEqual([
      405,
      'POST, OPTIONS',
      'ERROR malformed method_not_allowed: GET /plain/m/read is not allowed; allowed: POST, OPTIONS\n',
    ]);
  });

  it('leaves unknown paths to the first protocol', async () => {
    const { url } = await start();
    const unknown = opened(await send(`${url}/nowhere`));
    expect(unknown).toEqual({
      http: 404,
      msg: 'There is nothing at GET /nowhere; pictures are sent to POST /predict/<module>',
      results: '',
      status: '111',
    });
  });

  it('keeps its HTTP status with --http_status_200, which only changes HubServing', async () => {
    const { url, records } = await start({
      httpStatus200: true,
      predict: () => {
        throw new OcrHubError('deadline_missed', { seconds: 60 });
      },
    });
    expect((await postPlain(`${url}/plain/m/read`)).http).toBe(504);
    expect(opened(await post(`${url}/predict/m`, { images: ['YWJj'] }))).toMatchObject({ http: 200, status: '101' });
    expect(records.map(({ outcome, httpStatus }) => [outcome, httpStatus])).toEqual([
      ['timeout', 504],
      ['timeout', 504],
    ]);
  });
});

describe("the code and the hint of an error reach HubServing's clients", () => {
  it.each([false, true])('in headers (with --http_status_200: %s)', async (httpStatus200) => {
    const { url } = await start({
      httpStatus200,
      predict: () => {
        throw new OcrHubError('deadline_missed', { seconds: 60 });
      },
    });
    const { headers, text } = await post(`${url}/predict/m`, { images: ['YWJj'] });
    expect(headers).toMatchObject({
      'x-ocrhub-error': 'deadline_missed',
      'x-ocrhub-hint': 'Send fewer or smaller pictures, or start the server with a higher --timeout.',
    });
    expect(text).toBe('{"msg":"The request took longer than 60 s","results":"","status":"101"}\n');
  });

  it('at an unknown path too, but not in a successful answer', async () => {
    const { url } = await start();
    expect((await send(`${url}/nowhere`)).headers).toMatchObject({ 'x-ocrhub-error': 'path_unknown' });
    const answered = await post(`${url}/predict/m`, { images: ['YWJj'] });
    expect(answered.headers).not.toHaveProperty('x-ocrhub-error');
    expect(answered.headers).not.toHaveProperty('x-ocrhub-hint');
  });
});

it('the log contains the stack of an error and of its causes', async () => {
  const cause = new RangeError('first');
  const { url, records } = await start({
    predict: () => {
      throw new TypeError('second', { cause });
    },
  });
  expect(opened(await post(`${url}/predict/m`, { images: ['YWJj'] }))).toMatchObject({ http: 500, status: '101' });
  expect(records[0]?.outcome).toBe('internal');
  expect(records[0]?.stack).toMatch(/Caused by: TypeError: second\n[^]*Caused by: RangeError: first\n/);
});

it('a request that no endpoint takes has a line in the log, and is not counted', async () => {
  const { url, records, refusals } = await start();
  await send(`${url}/nowhere?secret=x`, { headers: { 'X-Request-Id': 'lost' } });
  await send(`${url}/predict/m`);
  await send(`${url}/health`, { headers: { Host: 'evil.example' } });
  expect(refusals).toMatchObject([
    { id: 'lost', from: '127.0.0.1', httpStatus: 404, message: expect.stringContaining('/nowhere') as string },
    { httpStatus: 405 },
    { httpStatus: 403, message: expect.stringContaining('evil.example') as string },
  ]);
  expect(JSON.stringify(refusals)).not.toContain('secret');
  expect(records).toEqual([]);
});
