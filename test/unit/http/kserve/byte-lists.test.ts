import { expect, it } from 'vitest';
import { takeByteLists } from '../../../../src/runtime/http/protocols/kserve/byte-lists.js';

const bytes = Array.from({ length: 1200 }, (_, i) => i % 256);
const rows = Array.from({ length: 400 }, (_, i) => bytes.slice(3 * i, 3 * i + 3));

it.each([
  [bytes, JSON.stringify({ data: bytes })],
  [bytes, JSON.stringify({ data: bytes }, null, 2)],
  [bytes, JSON.stringify({ data: [rows, []].slice(0, 1) })],
  [bytes, `{"a": "\\"[1", "inputs": [{"data" : ${JSON.stringify(rows)}, "name": "]"}]}`],
])('takes a list %# out, and leaves a text', (expected, json) => {
  const { json: short, lists } = takeByteLists(Buffer.from(json));
  const [[name, list] = ['', new Uint8Array()], ...others] = [...lists];
  expect([...list]).toEqual(expected);
  expect(others).toEqual([]);
  const restored: unknown = JSON.parse(Buffer.from(short).toString(), (_key, value: unknown) => (value === name ? 'list' : value)); // prettier-ignore
  const wanted: unknown = JSON.parse(json, (key, value: unknown) => (key === 'data' ? 'list' : value));
  expect(restored).toEqual(wanted);
});

it('takes several lists', () => {
  const json = JSON.stringify([{ data: bytes }, { data: bytes.toReversed() }]);
  expect([...takeByteLists(Buffer.from(json)).lists.values()].map((list) => list[0])).toEqual([0, 175]);
});

it.each([
  ['a short list', { data: bytes.slice(0, 999) }],
  ['a list of another key', { pixels: bytes }],
  ['a number that is no byte', { data: [...bytes, 256] }],
  ['a negative number', { data: [-1, ...bytes] }],
  ['a fraction', { data: [...bytes, 0.5] }],
  ['a text', { data: [...bytes, ''] }],
  ['a list inside a text', { text: JSON.stringify({ data: bytes }) }],
])('leaves %s', (_title, value) => {
  const json = Buffer.from(JSON.stringify(value));
  const { json: short, lists } = takeByteLists(json);
  expect(lists.size).toBe(0);
  expect(short).toBe(json);
});

const text = bytes.join(',');

it.each([
  `[,${text}]`,
  `[${text},]`,
  `[${text},,1]`,
  `[${text} 1]`,
  `[01,${text}]`,
  `[${text}`,
  `[[${text}]`,
  `[${text}}`,
])('leaves what is no JSON to the parser %#', (list) => {
  const json = Buffer.from(`{"data":${list}`);
  expect(takeByteLists(json)).toEqual({ json, lists: new Map() });
});

it('takes no room for each of many short lists', () => {
  const json = Buffer.from(`{"data":[],`.repeat(1_000_000));
  expect(takeByteLists(json).json).toBe(json);
});

it('reads 20 MB of nested brackets in one pass', () => {
  const json = Buffer.from(`{"data":${'['.repeat(20_000_000)}`);
  expect(takeByteLists(json).lists.size).toBe(0);
});

function cpuOf(work: () => void): number {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return user + system;
}

it.each(['[', ':[', '"data":[', '"data" : [', 'data":['])(
  'looks at each bracket without making anything: millions of %s',
  (text) => {
    const json = Buffer.from(text.repeat(8_000_000 / text.length));
    const plain = Buffer.alloc(json.length, '{');
    takeByteLists(plain);
    expect(cpuOf(() => takeByteLists(json))).toBeLessThan(25 * cpuOf(() => takeByteLists(plain)));
  },
);

it.each([0, 1, 5, 16])('takes a list behind %d spaces', (count) => {
  const space = ' '.repeat(count);
  const json = Buffer.from(`{"data"${space}:${space}[${text}]}`);
  expect(takeByteLists(json).lists.size).toBe(1);
});
