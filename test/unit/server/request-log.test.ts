import { expect, it } from 'vitest';
import { logRequest } from '../../../src/runtime/server/request-log.js';
import { noTime } from '../../../src/runtime/trace/stage-times.js';
import type { RequestRecord } from '../../../src/runtime/service/contract.js';

const record: RequestRecord = {
  id: 'a',
  from: '127.0.0.1',
  route: 'ocr_rec',
  images: 0,
  outcome: 'not_found',
  httpStatus: 404,
  status: '101',
  message: 'No module.',
  ms: 1,
  queueMs: 0,
  stages: noTime(),
};

function logged(changed: Partial<RequestRecord>): object {
  const lines: object[] = [];
  const log = { info: (fields: object) => void lines.push(fields), warn: () => undefined, error: () => undefined };
  logRequest(log, { ...record, ...changed });
  return lines[0] ?? {};
}

it('a log line holds the beginning and the length of a long name of a module and of a long message', () => {
  const long = 'x'.repeat(15_000);
  const cut = `${'x'.repeat(500)}… (15000 characters)`;
  expect(logged({ route: long, message: long })).toMatchObject({ module: cut, message: cut });
});

it('a log line holds a text of 500 characters whole', () => {
  const text = 'x'.repeat(500);
  expect(logged({ route: text, message: text })).toMatchObject({ module: text, message: text });
});
