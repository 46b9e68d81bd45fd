import { promisify } from 'node:util';
import { deflate } from 'node:zlib';

/** A reference to an object of the file, such as `3 0 R`. */
export type Reference = `${number} 0 R`;

/**
 * Collects the objects of a PDF file and writes them (ISO 32000-1, 7.5). All but the streams are compressed together, and
 * so is the cross-reference table: a file of one page is a kilobyte smaller.
 */
export class PdfWriter {
  readonly #objects: (StoredObject | undefined)[] = [];

  /** A number for an object that is added later: for references in a circle. */
  reserve(): Reference {
    this.#objects.push(undefined);
    return `${this.#objects.length} 0 R`;
  }

  add(body: string, as: Reference = this.reserve()): Reference {
    this.#objects[parseInt(as) - 1] = body;
    return as;
  }

  /** @param entries of the stream's dictionary, without `/Length` */
  addStream(entries: string, data: Uint8Array, as: Reference = this.reserve()): Reference {
    const head = `<< ${entries}${entries === '' ? '' : ' '}/Length ${data.length} >>\nstream\n`;
    this.#objects[parseInt(as) - 1] = Buffer.concat([Buffer.from(head, 'latin1'), data, Buffer.from('\nendstream')]);
    return as;
  }

  /** @param data bytes, or a string in which each character is one */
  async addCompressed(entries: string, data: Uint8Array | string): Promise<Reference> {
    const packed = await compress(typeof data === 'string' ? Buffer.from(data, 'latin1') : data, { level: 9 });
    return this.addStream(`${entries}${entries === '' ? '' : ' '}/Filter /FlateDecode`, packed);
  }

  async toBytes({ root, info }: { root: Reference; info: Reference }): Promise<Uint8Array> {
    const places = await this.#packObjects();
    const table = this.reserve();
    const parts: Uint8Array[] = [Buffer.from(header, 'latin1')];
    let size = header.length;
    this.#objects.forEach((body, i) => {
      if (typeof body === 'string') return;
      places[i] = [1, size, 0];
      if (body === undefined) return;
      const object = Buffer.concat([Buffer.from(`${i + 1} 0 obj\n`), body, Buffer.from('\nendobj\n')]);
      parts.push(object);
      size += object.length;
    });
    const rows = Buffer.alloc((this.#objects.length + 1) * rowSize);
    rows.writeUInt16BE(0xffff, rowSize - 2);
    this.#objects.forEach((_, i) => {
      const [kind, at, index] = places[i] ?? [0, 0, 0];
      rows.writeUInt8(kind, (i + 1) * rowSize);
      rows.writeUInt32BE(at, (i + 1) * rowSize + 1);
      rows.writeUInt16BE(index, (i + 1) * rowSize + 5);
    });
    const packed = await compress(rows, { level: 9 });
    const entries = `/Type /XRef /Size ${this.#objects.length + 1} /W [1 4 2] /Root ${root} /Info ${info}`;
    const head = `${parseInt(table)} 0 obj\n<< ${entries} /Filter /FlateDecode /Length ${packed.length} >>\nstream\n`;
    const end = `\nendstream\nendobj\nstartxref\n${size}\n%%EOF\n`;
    return Buffer.concat([...parts, Buffer.from(head), packed, Buffer.from(end)]);
  }

  /** Puts all objects but the streams into streams of objects, and returns where each is. */
  async #packObjects(): Promise<Place[]> {
    const places: Place[] = [];
    const missing = this.#objects.indexOf(undefined);
    if (missing >= 0) throw new Error(`Object ${missing + 1} was reserved and never added.`);
    const plain = this.#objects.flatMap((body, i) => (typeof body === 'string' ? [{ body, i }] : []));
    for (let first = 0; first < plain.length; first += maxPacked) {
      const part = plain.slice(first, first + maxPacked);
      let at = 0;
      const offsets = part.map(({ body, i }) => {
        const entry = `${i + 1} ${at}`;
        at += body.length + 1;
        return entry;
      });
      const index = `${offsets.join(' ')}\n`;
      const entries = `/Type /ObjStm /N ${part.length} /First ${index.length}`;
      const stream = await this.addCompressed(entries, `${index}${part.map(({ body }) => body).join('\n')}\n`);
      part.forEach(({ i }, n) => (places[i] = [2, parseInt(stream), n]));
    }
    return places;
  }
}

/** The bytes of a stream with its dictionary; any other object as text, of which each character is a byte. */
type StoredObject = Uint8Array | string;

/** A row of the cross-reference table: 1, offset, 0; or 2, number of the stream of objects, place in it. */
type Place = readonly [kind: 1 | 2 | 0, at: number, index: number];

/** Bytes of a row: 1, 4 and 2. */
const rowSize = 7;

/** Objects in a stream of objects. Readers unpack a whole one for each object in it. */
const maxPacked = 200;

/** The bytes beyond ASCII tell programs that transfer files that this one is binary. */
const header = '%PDF-1.5\n%\xe2\xe3\xcf\xd3\n';

const compress = promisify<Uint8Array, { level: number }, Buffer>(deflate);

/** A number as PDF writes it: no exponent, at most `digits` after the point. */
export function num(value: number, digits = 2): string {
  const text = Math.min(Math.max(Number.isNaN(value) ? 0 : value, -maxNumber), maxNumber).toFixed(digits);
  if (!text.includes('.')) return text;
  const short = text.replace(/\.?0+$/, '');
  return short === '-0' ? '0' : short;
}

const maxNumber = 1e7;

/** Text as a string of UTF-16 (ISO 32000-1, 7.9.2); each character of the result is a byte. */
export function utf16String(text: string): string {
  return literal(Buffer.from(`\ufeff${text}`, 'utf16le').swap16().toString('latin1'));
}

/** Bytes as a string object. A reader takes a bare carriage return for a line feed. */
export function literal(bytes: string): string {
  return `(${bytes.replace(/[\\()]/g, '\\$&').replaceAll('\r', '\\r')})`;
}
