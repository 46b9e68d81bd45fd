import { expect, it } from 'vitest';
import { kindOf, toAnswerJson } from '../../../src/runtime/module/answer-json.js';

async function* pages(): AsyncGenerator<number> {
  yield await Promise.resolve(1);
}

function* lines(): Generator<number> {
  yield 1;
}

it.each([
  [[{ text: 'a', score: 0.5, optional: undefined }], '[{"text":"a","score":0.5}]'],
  ['text', '"text"'],
  [null, 'null'],
  [0, '0'],
  [{ when: new Date(0) }, '{"when":"1970-01-01T00:00:00.000Z"}'],
  [{ toJSON: () => ({ a: 1 }) }, '{"a":1}'],
  [[Object(2.5) as object, Object('ab') as object, Object(false) as object], '[2.5,"ab",false]'],
  [{ at: new URL('http://localhost/a') }, '{"at":"http://localhost/a"}'],
  [
    new (class Line {
      readonly text = 'a';
    })(),
    '{"text":"a"}',
  ],
  [[{}], '[{}]'],
  [Object.assign(Object.create(null) as object, { a: [] }), '{"a":[]}'],
])('%j is written as it is', (value, json) => {
  expect(toAnswerJson(value, 'results[0]')).toBe(json);
});

it.each<[unknown, string]>([
  [Promise.resolve([]), 'results[0] is a promise, which JSON does not have; await it'],
  [[{ text: Promise.resolve('a') }], 'results[0][0].text is a promise'],
  [[{ then: () => undefined }], 'results[0][0] is a promise'],
  [pages(), 'results[0] is an async generator, which JSON does not have; make a list of it with for await'],
  [lines(), 'results[0] is a generator'],
  [new Map([['a', 1]]), 'results[0] is a Map, which JSON does not have; make an object of it: Object.fromEntries(map)'],
  [new Set([1]), 'results[0] is a Set'],
  [{ 'a b': new WeakMap() }, 'results[0]["a b"] is a Map'],
  [new RangeError('no'), 'results[0] is an Error, which JSON does not have; throw it'],
  [{ boxes: new Float32Array(4) }, 'results[0].boxes is a typed array, which JSON does not have; make a list of it'],
  [{ crop: Buffer.from('a') }, 'results[0].crop is a typed array'],
  [new ArrayBuffer(4), 'results[0] is an ArrayBuffer'],
  [[0, 1, { score: NaN }], 'results[0][2].score is NaN'],
  [[Infinity], 'results[0][0] is Infinity'],
  [[-Infinity], 'results[0][0] is -Infinity'],
  [[undefined], 'results[0][0] is undefined'],
  [new Array(2), 'results[0][0] is undefined'],
  [[() => 1], 'results[0][0] is a function'],
  [{ run: () => 1 }, 'results[0].run is a function'],
  [{ mark: Symbol('a') }, 'results[0].mark is a symbol'],
  [{ when: new Date(NaN) }, 'results[0].when is an invalid Date'],
  [{ pattern: /a/ }, 'results[0].pattern is a regular expression'],
  [{ toJSON: () => ({ a: NaN }) }, 'results[0].a is NaN'],
  [{ score: Object(NaN) as object }, 'results[0].score is NaN'],
  [[Object(-Infinity) as object], 'results[0][0] is -Infinity'],
  [
    { mark: Object(Symbol('a')) as object },
    'results[0].mark is an object of the class Symbol without fields of its own',
  ],
  [
    { head: new Headers({ a: 'b' }) },
    'results[0].head is an iterable object, which JSON does not have; make a list of it',
  ],
  [new URLSearchParams('a=b'), 'results[0] is an iterable object'],
  [new FormData(), 'results[0] is an iterable object'],
  [{ parts: new Intl.Segmenter().segment('abc') }, 'results[0].parts is an iterable object'],
  [{ length: 1, [Symbol.iterator]: lines }, 'results[0] is an iterable object'],
  [{ [Symbol.asyncIterator]: pages }, 'results[0] is an iterable object'],
  [{ page: new WeakRef({}) }, 'results[0].page is an object of the class WeakRef without fields of its own'],
  [new AbortController(), 'results[0] is an object of the class AbortController without'],
  [
    new (class Box {
      readonly #a = 1;
      get a(): number {
        return this.#a;
      }
    })(),
    'results[0] is an object of the class Box without',
  ],
  [undefined, 'results[0] is undefined'],
  [Symbol('a'), 'results[0] is a symbol'],
])('%s is refused with its place', (value, message) => {
  expect(() => toAnswerJson(value, 'results[0]')).toThrow(message);
});

it('circles and BigInt are refused', () => {
  const circle: Record<string, unknown> = {};
  circle['self'] = circle;
  expect(() => toAnswerJson(circle, 'results')).toThrow(/circular/);
  expect(() => toAnswerJson([1n], 'results')).toThrow(/BigInt/);
});

it('a value has a name for messages', () => {
  expect([lines(), {}, 'a', 1, NaN].map(kindOf)).toEqual(['a generator', 'object', 'string', 'number', 'NaN']);
});

it.each([500, 1500, 4500, 100_000])('a list nested %d deep is written, or refused for its depth', (depth) => {
  let list: unknown[] = [];
  for (let i = 1; i < depth; i++) list = [list];
  if (depth < 1000) expect(toAnswerJson(list, 'results[0]')).toBe('['.repeat(depth) + ']'.repeat(depth));
  else
    expect(() => toAnswerJson(list, 'results[0]')).toThrow(
      'results[0] has lists or objects that are nested more than 1000 levels deep',
    );
});
