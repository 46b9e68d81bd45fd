import { expect, it } from 'vitest';
import { parseQueueUrl } from '../../../src/runtime/broker/queue-place.js';

it.each([
  ['redis://host', 'redis', 'ocrhub', 'host', 6379, undefined, 'redis://host/ocrhub'],
  ['redis://host:7000/scans', 'redis', 'scans', 'host', 7000, undefined, 'redis://host:7000/scans'],
  ['redis://host/2', 'redis', 'ocrhub', 'host', 6379, '2', 'redis://host/2/ocrhub'],
  ['redis://host/2?queue=scans', 'redis', 'scans', 'host', 6379, '2', 'redis://host/2/scans'],
  ['rediss://user:secret@host/scans', 'redis', 'scans', 'host', 6379, undefined, 'rediss://host/scans'],
  ['redis://[::1]:6380/scans', 'redis', 'scans', '::1', 6380, undefined, 'redis://[::1]:6380/scans'],
  ['postgres://me:secret@db/ocr', 'postgres', 'ocrhub', 'db', 5432, 'ocr', 'postgres://db/ocr/ocrhub'],
  ['postgresql://db:5433/ocr?queue=a.b', 'postgres', 'a.b', 'db', 5433, 'ocr', 'postgresql://db:5433/ocr/a.b'],
])('%s is the queue %s %s of %s:%i', (url, broker, queue, host, port, database, name) => {
  expect(parseQueueUrl(url)).toMatchObject({ broker, queue, host, port, database, name });
});

it('takes user and password from the URL, and a password from elsewhere if the URL has none', () => {
  expect(parseQueueUrl('redis://me:p%40ss@host')).toMatchObject({ user: 'me', password: 'p@ss' });
  expect(parseQueueUrl('redis://me:own@host', 'other')).toMatchObject({ password: 'own' });
  expect(parseQueueUrl('postgres://me@host/db', 'other')).toMatchObject({ user: 'me', password: 'other' });
});

it.each([
  ['rediss://host', true],
  ['redis://host', false],
  ['postgres://host/db?sslmode=require', true],
  ['postgres://host/db?sslmode=disable', false],
  ['postgres://host/db', false],
])('%s is encrypted: %s', (url, isEncrypted) => {
  expect(parseQueueUrl(url)).toMatchObject({ isEncrypted });
});

it.each([
  ['amqp://me:secret@host', 'expected redis://'],
  ['host:6379', 'expected redis://'],
  ['redis://', 'expected redis://'],
  ['redis://me:secret@host/a/b', 'expected redis://'],
  ['redis://me:secret@host/a?queue=b', 'it names two queues, a and b'],
  ['redis://me:secret@host/a:b', 'the name of a queue has letters, digits'],
  ['redis://me:secret@host/a?prefix=x', 'the option prefix is unknown'],
  ['redis://me:sec@ret@host/a?prefix=x', 'the option prefix is unknown'],
  ['redis://me:secret@host:99999/a', 'expected redis://'],
  ['me:secret@host', 'expected redis://'],
  ['postgres://host/db?user=me&password=secret', 'the option user is unknown'],
  ['redis://host?password=secret', 'the option password is unknown'],
  ['redis://:secret%@host', 'write "%" as %25'],
  ['postgres://me%zz:secret@host/db', 'write "%" as %25'],
  ['postgres://me:secret@host/a%', 'write "%" as %25'],
])('%s is refused, without its password', (url, problem) => {
  const parse = (): unknown => parseQueueUrl(url);
  expect(parse).toThrow(problem);
  expect(parse).toThrow(/^(?!.*(secret|ret@)).*$/s);
});
