import { types } from 'node:util';

/**
 * Writes what a module answered as JSON. Refuses what JSON would turn into something else without a word: a promise, a Map or an
 * Error into `{}`, NaN into `null`.
 *
 * @param place names the answer in messages, such as `results[0]`
 * @throws Error that names the place of the wrong value: `results[0][2].score is NaN`
 * @example
 * toAnswerJson([{ text: 'Hello', score: 0.98 }], 'results[0]');
 */
export function toAnswerJson(answer: unknown, place: string): string {
  // It refuses circles and BigInt itself.
  const json = stringify(answer, place);
  if (json === undefined) throw new Error(`${place} is ${kindOf(answer)}, which JSON does not have`);
  const problem = depthOf(answer) > maxDepth ? tooDeep(place) : problemIn(answer, place);
  if (problem !== undefined) throw new Error(problem);
  return json;
}

function stringify(answer: unknown, place: string): string | undefined {
  try {
    return JSON.stringify(answer);
  } catch (error) {
    // The engine's words for a list in a list in a list and so on.
    if (error instanceof RangeError && error.message.includes('call stack')) throw new Error(tooDeep(place));
    throw error;
  }
}

/** Levels of lists and objects; the readers of JSON in other languages refuse about as many. */
const maxDepth = 1000;

function tooDeep(place: string): string {
  return `${place} has lists or objects that are nested more than ${maxDepth} levels deep`;
}

/** What a value is, for messages: `a promise`, `NaN`, `object`. */
export function kindOf(value: unknown): string {
  return nameOf(value) ?? typeof value;
}

/** Levels of lists and objects, counted without a call for each, and not much further than the most that is allowed. */
function depthOf(answer: unknown): number {
  let depth = 0;
  let level = [answer];
  while (level.length > 0 && depth <= maxDepth + 1) {
    level = level.flatMap((value): unknown[] => {
      if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value) || hasToJson(value)) return [];
      return Object.values(value);
    });
    depth++;
  }
  return depth - 1;
}

/** The first value that JSON does not have, with its place; undefined if there is none. */
function problemIn(given: unknown, place: string): string | undefined {
  const value = hasToJson(given) ? given.toJSON('') : given;
  const name = nameOf(given) ?? nameOf(value);
  if (name !== undefined) return `${place} is ${name}, which JSON does not have${hints[name] ?? ''}`;
  if (typeof value !== 'object' || value === null) return undefined;
  if (Array.isArray(value)) {
    // Not every: holes count as undefined.
    for (let i = 0; i < value.length; i++) {
      const part: unknown = value[i];
      const problem =
        part === undefined
          ? `${place}[${i}] is undefined, which JSON does not have`
          : problemIn(part, `${place}[${i}]`);
      if (problem !== undefined) return problem;
    }
    return undefined;
  }
  for (const [key, part] of Object.entries(value)) {
    const problem = problemIn(
      part,
      /^[A-Za-z_$][\w$]*$/.test(key) ? `${place}.${key}` : `${place}[${JSON.stringify(key)}]`,
    );
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** What an author should do instead. */
const hints: Readonly<Record<string, string>> = {
  'a promise': '; await it, or all of a list with await Promise.all(list)',
  'a generator': '; make a list of it: [...values]',
  'an async generator': '; make a list of it with for await',
  'a Map': '; make an object of it: Object.fromEntries(map)',
  'a Set': '; make a list of it: [...set]',
  'an Error': '; throw it',
  'an iterable object': '; make a list of it: [...values]',
  'a typed array': '; make a list of it: Array.from(values)',
};

/** The name of a value that JSON leaves out or writes as something else; undefined for any other. */
function nameOf(value: unknown): string | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : String(value);
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'symbol') return 'a symbol';
  if (typeof value !== 'object' || value === null) return undefined;
  if (types.isPromise(value) || hasMethod(value, 'then')) return 'a promise';
  if (types.isMap(value) || types.isWeakMap(value)) return 'a Map';
  if (types.isSet(value) || types.isWeakSet(value)) return 'a Set';
  if (types.isNativeError(value)) return 'an Error';
  if (ArrayBuffer.isView(value)) return 'a typed array';
  if (types.isAnyArrayBuffer(value)) return 'an ArrayBuffer';
  if (types.isRegExp(value)) return 'a regular expression';
  if (types.isDate(value)) return Number.isNaN(value.getTime()) ? 'an invalid Date' : undefined;
  if (Array.isArray(value)) return undefined;
  if (hasMethod(value, 'next')) return Symbol.asyncIterator in value ? 'an async generator' : 'a generator';
  // JSON writes the number in it.
  if (types.isNumberObject(value)) return nameOf(Number(value));
  if (types.isStringObject(value) || types.isBooleanObject(value) || hasToJson(value)) return undefined;
  if (Symbol.iterator in value || Symbol.asyncIterator in value) return 'an iterable object';
  return isPlain(value) || Object.keys(value).length > 0 ? undefined : `${classOf(value)} without fields of its own`;
}

/** Also of another realm, whose Object is another. */
function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value) as object | null;
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function classOf({ constructor: made }: object): string {
  return made.name === '' ? 'an object of a class' : `an object of the class ${made.name}`;
}

function hasMethod(value: object, name: string): boolean {
  return typeof (value as Record<string, unknown>)[name] === 'function';
}

function hasToJson(value: unknown): value is { toJSON(key: string): unknown } {
  return typeof value === 'object' && value !== null && hasMethod(value, 'toJSON');
}
