import { randomUUID } from 'node:crypto';
import { endOfString } from '../../body/json-values.js';

/** JSON text without its long lists of bytes. */
export interface ListedJson {
  readonly json: Uint8Array;
  /** The bytes of a list by the text that stands for it. */
  readonly lists: ReadonlyMap<string, Uint8Array>;
}

/**
 * Takes the long lists of numbers from 0 to 255 out of JSON text, if they follow the key `data`. The pixels of a picture are
 * millions of numbers, and parsed as JSON each takes eight times the memory. Lists may be nested, and are made flat. Text that is
 * no JSON stays as it is.
 */
export function takeByteLists(json: Uint8Array): ListedJson {
  const lists = new Map<string, Uint8Array>();
  const parts: Uint8Array[] = [];
  let kept = 0;
  /** Each number but the last takes two characters at least. */
  let room: Buffer | undefined;
  for (let at = 0; at < json.length; at++) {
    const byte = json[at];
    if (byte === quote) at = endOfString(json, at);
    else if (byte === openBracket && followsData(json, at)) {
      room ??= Buffer.allocUnsafeSlow(Math.ceil(json.length / 2));
      const list = readByteList(json, at, room);
      if (list === undefined || list.bytes.length < minLength) continue;
      const name = `${nonce}/${lists.size}`;
      lists.set(name, Uint8Array.prototype.slice.call(list.bytes));
      parts.push(json.subarray(kept, at), Buffer.from(JSON.stringify(name)));
      kept = list.end;
      at = kept - 1;
    }
  }
  return parts.length === 0 ? { json, lists } : { json: Buffer.concat([...parts, json.subarray(kept)]), lists };
}

/** No client can send a text that stands for a list. */
const nonce = randomUUID();

const minLength = 1000;

/** It is called for each bracket of a body, of which there may be millions, so it makes no text of what is before. */
function followsData(json: Uint8Array, start: number): boolean {
  const colonAt = beforeSpaces(json, start - 1);
  if (json[colonAt] !== colon) return false;
  const keyStart = beforeSpaces(json, colonAt - 1) - dataKey.length + 1;
  return keyStart >= 0 && dataKey.every((byte, i) => json[keyStart + i] === byte);
}

/** The index of the last byte up to `at` that is no white space; at most `maxSpaces` are skipped. */
function beforeSpaces(json: Uint8Array, at: number): number {
  let before = at;
  while (at - before < maxSpaces && isSpace(json[before])) before--;
  return before;
}

const maxSpaces = 16;

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

/**
 * The list that begins at `start`, and the index after it; undefined if it holds something else than bytes.
 *
 * @param room in which the bytes are written
 */
function readByteList(
  json: Uint8Array,
  start: number,
  room: Buffer,
): { readonly bytes: Uint8Array; readonly end: number } | undefined {
  let count = 0;
  let depth = 0;
  /** The number that is being read; undefined between numbers. */
  let number: number | undefined;
  /** Whether a value may begin here. */
  let isOpen = true;
  for (let at = start; at < json.length; at++) {
    const byte = json[at] ?? 0;
    if (byte >= zero && byte <= nine) {
      if (number === undefined ? !isOpen : number === 0) return undefined;
      number = (number ?? 0) * 10 + byte - zero;
      if (number > 255) return undefined;
      isOpen = false;
      continue;
    }
    if (number !== undefined) {
      room[count++] = number;
      number = undefined;
    }
    if (byte === openBracket && isOpen) {
      if (++depth > maxDepth) return undefined;
    } else if (byte === closeBracket && !isOpen) {
      if (--depth === 0) return { bytes: room.subarray(0, count), end: at + 1 };
    } else if (byte === comma && !isOpen) isOpen = true;
    else if (!isSpace(byte)) return undefined;
  }
  return undefined;
}

const maxDepth = 8;

const dataKey = Buffer.from('"data"');
const colon = 0x3a;
const quote = 0x22;
const comma = 0x2c;
const zero = 0x30;
const nine = 0x39;
const openBracket = 0x5b;
const closeBracket = 0x5d;
