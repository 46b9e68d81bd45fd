import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { errorKinds } from '../../src/runtime/errors/kinds.js';
import { errorTable } from '../../src/runtime/errors/table.js';
import { removeHome, sharedHome } from '../helpers/home.js';
import { send } from '../helpers/http.js';
import { fixture } from '../helpers/pictures.js';
import { predict, readLog, startServer, type TestServer } from '../helpers/server.js';
import { installLightModule } from './light-module.js';
import { exchange, type RawAnswer } from './requests/exchange.js';
import { operationsOf } from './requests/operations.js';
import { requestOf, type RawRequest } from './requests/request.js';
import { scaled, seed } from './scale.js';
import { WatchedProcess } from './watched-process.js';

/* Requests of all protocols: each gets a documented answer, and the server answers the next. */

const count = scaled(5000);
let home = '';
let server: TestServer;
beforeAll(async () => {
  home = await sharedHome();
  await installLightModule(home);
  server = await startServer(home, { flags: ['-m', 'ocr_system', '--max_body', '1MiB'] });
});
afterAll(() => removeHome(home));

it(`${count} requests to all addresses get documented answers, and the server answers as before`, async () => {
  const operations = operationsOf(JSON.parse((await send(`${server.url}/openapi.json`)).text));
  const known = await knownAnswer();
  const before = new WatchedProcess(server.pid).residentMegabytes();
  const statuses = new Map<number, number>();
  const finds: object[] = [];
  // Goes on after a find: the next requests show whether the server still serves.
  const each = fc.asyncProperty(requestOf(operations), async (request) => {
    const answer = await exchange(server.port, request.bytes);
    const status = answer?.status ?? 0;
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
    const wrong = problemOf(request, answer);
    if (wrong !== undefined) finds.push({ wrong, request: shown(request), answer });
  });
  await fc.assert(each, { numRuns: count, seed });
  console.log(`${count} requests, seed ${seed}: ${JSON.stringify(Object.fromEntries(statuses))}`);
  expect(finds).toEqual([]);
  expect(await knownAnswer()).toEqual(known);
  const logged = (await readLog(server.logFile)).filter(({ httpStatus = 0 }) => httpStatus >= 500);
  expect(logged.map(({ message, stack }) => ({ message, stack }))).toEqual([]);
  await sleep(30_000);
  expect(new WatchedProcess(server.pid).residentMegabytes() - before).toBeLessThan(60);
});

async function knownAnswer(): Promise<string> {
  return (await predict(server, 'ocr_system', { images: [fixture('small.png')] })).text;
}

/** All statuses of the table of errors, and those of success and of the redirect to the page. */
const documented = new Set<number>([
  ...Object.values(errorTable).flatMap((row) => {
    const { http: own, kind } = row as { http?: number; kind: keyof typeof errorKinds };
    const general = errorKinds[kind] as { http?: number };
    return [own, general.http].filter((status) => status !== undefined);
  }),
  200,
  202,
  204,
  302,
]);

/** What is wrong with an answer; undefined if nothing is. */
function problemOf({ operation, isCut, bytes }: RawRequest, answer: RawAnswer | undefined): string | undefined {
  if (answer === undefined) return isCut ? undefined : 'no answer';
  const { status, headers, body } = answer;
  if (status >= 500) return 'the server failed';
  if (!documented.has(status)) return 'no documented status';
  if (headers['x-request-id'] === undefined) return 'no request id';
  const isOwn = bytes.subarray(0, 500).toString('latin1').startsWith(`${operation.method} ${operation.path} `);
  if (isOwn && status < 400 && !operation.responses.includes(String(status))) return 'not in /openapi.json';
  if (/at .*\(?file:\/\/|node:internal|\.js:\d+:\d+/.test(body) || body.includes(home))
    return 'it shows what is inside';
  if (status < 400 || body === '') return undefined;
  if (headers['content-type']?.includes('json') !== true) return 'an error that is no JSON';
  return isJson(body) ? undefined : 'an error that cannot be parsed';
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function shown({ bytes }: RawRequest): string {
  return bytes.subarray(0, 3000).toString('latin1');
}
