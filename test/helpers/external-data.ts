import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** Writes a copy of an ONNX model whose weights are in `places`, in turn. Each place is relative to the copy's folder. */
export async function withExternalData(model: string, copy: string, places: readonly string[]): Promise<void> {
  const data = new Map(places.map((place): [string, Buffer[]] => [place, []]));
  let next = 0;
  const outside = (tensor: Buffer): Buffer => {
    const raw = fieldsOf(tensor).find(({ number }) => number === 9)?.body;
    if (raw === undefined || raw.length < 64) return tensor;
    const place = places[next++ % places.length] ?? '';
    const chunks = data.get(place) ?? [];
    const offset = chunks.reduce((sum, { length }) => sum + length, 0);
    chunks.push(raw);
    const entries = Object.entries({ location: place, offset: String(offset), length: String(raw.length) });
    const pairs = entries.map(([key, value]) => field(13, Buffer.concat([field(1, key), field(2, value)])));
    // data_location: EXTERNAL.
    return Buffer.concat([without(tensor, 9), ...pairs, Buffer.from([14 << 3, 1])]);
  };
  const changed = inField(await readFile(model), 7, (graph) => inField(graph, 5, outside));
  await writeFile(copy, changed);
  for (const [place, chunks] of data) {
    const file = path.resolve(path.dirname(copy), place);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, Buffer.concat(chunks));
  }
}

interface Field {
  readonly number: number;
  /** Undefined for a number. */
  readonly body: Buffer | undefined;
  /** The field with its tag. */
  readonly whole: Buffer;
}

function fieldsOf(bytes: Buffer): Field[] {
  const fields: Field[] = [];
  for (let at = 0; at < bytes.length;) {
    const start = at;
    const varint = (): number => {
      let value = 0;
      for (let factor = 1; ; factor *= 128) {
        const byte = bytes.readUInt8(at++);
        value += (byte & 127) * factor;
        if (byte < 128) return value;
      }
    };
    const tag = varint();
    const type = tag % 8;
    const length = type === 2 ? varint() : type === 5 ? 4 : type === 1 ? 8 : 0;
    if (type === 0) varint();
    at += length;
    const body = type === 2 ? bytes.subarray(at - length, at) : undefined;
    fields.push({ number: Math.floor(tag / 8), body, whole: bytes.subarray(start, at) });
  }
  return fields;
}

function inField(bytes: Buffer, wanted: number, change: (body: Buffer) => Buffer): Buffer {
  const parts = fieldsOf(bytes).map(({ number, body, whole }) =>
    number === wanted && body !== undefined ? field(number, change(body)) : whole,
  );
  return Buffer.concat(parts);
}

function without(bytes: Buffer, unwanted: number): Buffer {
  return Buffer.concat(fieldsOf(bytes).flatMap(({ number, whole }) => (number === unwanted ? [] : [whole])));
}

function field(number: number, content: string | Buffer): Buffer {
  const body = Buffer.from(content);
  return Buffer.concat([varint(number * 8 + 2), varint(body.length), body]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Buffer.from([...bytes, rest]);
    bytes.push((rest % 128) + 128);
  }
}
