import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Quad } from '../../src/runtime/geometry/point.js';
import { classifierParams } from '../../src/runtime/ocr/classify/params.js';
import { detectorParams } from '../../src/runtime/ocr/detect/params.js';
import { recognizerParams } from '../../src/runtime/ocr/recognize/params.js';
import { systemParams } from '../../src/runtime/ocr/params.js';
import { meanIou } from '../golden/iou.js';
import { ocrhubJson, root } from '../helpers/cli.js';
import { freePort, removeHome, sharedHome } from '../helpers/home.js';
import { opened, send, type Answer, type Envelope } from '../helpers/http.js';
import { startServer, type TestServer } from '../helpers/server.js';
import { confidenceNotReproducible, differences, type Difference } from './differences.js';
import { readExchanges, requestOf, skipReason, type Exchange, type Recorded } from './transcripts.js';

const schemas = {
  ocr_system: systemParams,
  ocr_det: detectorParams,
  ocr_rec: recognizerParams,
  ocr_cls: classifierParams,
};

const exchanges = readExchanges();
const found = new Map(
  differences.flatMap((difference) => Object.keys(difference.exchanges).map((name) => [name, difference] as const)),
);

describe.skipIf(skipReason !== undefined)(
  `recorded exchanges with HubServing${skipReason === undefined ? '' : ` (skipped: ${skipReason})`}`,
  () => {
    let home = '';
    let server: TestServer;
    let server200: TestServer;
    beforeAll(async () => {
      home = await sharedHome();
      for (const name of Object.keys(schemas)) {
        await ocrhubJson(home, ['install', path.join(root, 'src', 'modules', name)]);
      }
      server = await startServer(home, { flags: ['-c', await referenceConfig(home)] });
      server200 = await startServer(home, { flags: ['-c', await referenceConfig(home), '--http_status_200'] });
    });
    afterAll(() => removeHome(home));

    it.each(exchanges)('ocrhub answers as recorded: $name', async (exchange) => {
      const answer = await ask(server, exchange);
      const difference = found.get(exchange.name);
      if (difference === undefined) expectAsRecorded(answer, exchange);
      else expectAsDecided(answer, exchange.name, difference);
    });

    it.each(exchanges)('ocrhub answers as recorded with --http_status_200: $name', async (exchange) => {
      const answer = await ask(server200, exchange);
      const difference = found.get(exchange.name);
      expect(answer.http).toBe(difference?.http200 ?? exchange.flask3.status);
      if (difference === undefined) expectAsRecorded(answer, exchange);
      else expectAsDecided({ ...answer, http: difference.http }, exchange.name, difference);
    });

    it('every deliberate difference names a recorded exchange', () => {
      const names = exchanges.map(({ name }) => name);
      expect([...found.keys(), ...confidenceNotReproducible].filter((name) => !names.includes(name))).toEqual([]);
    });
  },
);

/** A config file with the models and parameters of the original. */
async function referenceConfig(home: string): Promise<string> {
  const set = 'ppocrv4-mobile';
  const all = { setting: 'reference', det_model_dir: set, rec_model_dir: set, cls_model_dir: set };
  const modules = Object.entries(schemas).map(([name, { shape }]) => {
    const initArgs = Object.fromEntries(Object.entries(all).filter(([key]) => key in shape));
    return [name, { init_args: initArgs }] as const;
  });
  const port = await freePort();
  const file = path.join(home, `${port}.json`);
  await writeFile(file, JSON.stringify({ modules_info: Object.fromEntries(modules), port }));
  return file;
}

function ask({ url }: TestServer, exchange: Exchange): Promise<Answer> {
  return send(`${url}${exchange.request.path}`, requestOf(exchange));
}

function expectAsRecorded(answer: Answer, { name, flask3, flask2 }: Exchange): void {
  expect(answer.http).toBe(flask3.status);
  expect(methodsOf(answer.headers.allow)).toEqual(methodsOf(flask3.headers['Allow']));
  // The older Flask writes UTF-8 instead of escapes, with the same content.
  const recorded: Recorded = flask2 ?? flask3;
  if (flask3.headers['Content-Type'] !== 'application/json' || recorded.body === '') {
    expect(answer.text).toBe(recorded.body);
    return;
  }
  const { results, ...rest } = JSON.parse(recorded.body) as Envelope;
  const ours = opened(answer);
  expect(ours).toMatchObject(rest);
  expectEnvelope(answer);
  expectResults(ours.results, results, confidenceNotReproducible.includes(name) ? 1 : 0.01);
}

function expectAsDecided(answer: Answer, name: string, { http, status, exchanges }: Difference): void {
  const decided = exchanges[name] ?? '';
  const ours = opened(answer);
  expect(ours).toMatchObject({ http, status });
  expectEnvelope(answer);
  if (typeof decided === 'string' || decided instanceof RegExp) {
    if (typeof decided === 'string') expect(ours.msg).toBe(decided);
    else expect(ours.msg).toMatch(decided);
    expect(ours.results).toBe('');
  } else {
    expect(ours.msg).toBe(decided.msg);
    expectResults(ours.results, decided.results, 0.01);
  }
}

/** Three keys in the original's order, as compact UTF-8 JSON with a line feed at the end. */
function expectEnvelope({ headers, text }: Answer): void {
  expect(headers['content-type']).toBe('application/json; charset=utf-8');
  expect(Object.keys(JSON.parse(text) as object)).toEqual(['msg', 'results', 'status']);
  expect(text).toBe(`${JSON.stringify(JSON.parse(text))}\n`);
}

/** Nesting, field order and texts must be equal; confidences and boxes nearly. */
function expectResults(ours: unknown, recorded: unknown, tolerance: number): void {
  if (Array.isArray(recorded)) {
    expect(ours).toHaveLength(recorded.length);
    for (const [i, each] of recorded.entries()) expectResults((ours as unknown[])[i], each, tolerance);
  } else if (typeof recorded === 'object' && recorded !== null) {
    expect(Object.keys(ours as object)).toEqual(Object.keys(recorded));
    expectEntry(ours as Entry, recorded, tolerance);
  } else {
    expect(ours).toBe(recorded);
  }
}

interface Entry {
  readonly text?: string;
  readonly angle?: string;
  readonly confidence?: number;
  readonly text_region?: Quad;
}

function expectEntry(ours: Entry, recorded: Entry, tolerance: number): void {
  expect(ours).toMatchObject({
    ...(recorded.text === undefined ? {} : { text: recorded.text }),
    ...(recorded.angle === undefined ? {} : { angle: recorded.angle }),
  });
  if (recorded.confidence !== undefined) {
    expect(Math.abs((ours.confidence ?? NaN) - recorded.confidence)).toBeLessThanOrEqual(tolerance);
  }
  if (recorded.text_region !== undefined) {
    expect(ours.text_region?.flat().every(Number.isInteger)).toBe(true);
    expect(meanIou([ours.text_region ?? recorded.text_region], [recorded.text_region])).toBeGreaterThanOrEqual(0.9);
  }
}

function methodsOf(allow: string | undefined): string[] {
  return (allow ?? '')
    .split(',')
    .map((method) => method.trim())
    .sort();
}
