import { promisify } from 'node:util';
import { deflate } from 'node:zlib';

/** A reference to an object of the file, such as `3 0 R`. */
export type Reference = `${number} 0 R`;

/** Collects the objects of a PDF file and writes them (ISO 32000-1, 7.5) with a cross-reference table. */
export class PdfFile {
  readonly #objects: (Uint8Array | undefined)[] = [];

  /** A number for an object that is added later: for references in a circle. */
  reserve(): Reference {
    this.#objects.push(undefined);
    return `${this.#objects.length} 0 R`;
  }

  add(body: string, as: Reference = this.reserve()): Reference {
    this.#objects[parseInt(as) - 1] = Buffer.from(body, 'latin1');
    return as;
  }

  /** @param entries of the stream's dictionary, without `/Length` */
  addStream(entries: string, data: Uint8Array, as: Reference = this.reserve()): Reference {
    const head = `<< ${entries}${entries === '' ? '' : ' '}/Length ${data.length} >>\nstream\n`;
    this.#objects[parseInt(as) - 1] = Buffer.concat([Buffer.from(head, 'latin1'), data, Buffer.from('\nendstream')]);
    return as;
  }

  async addCompressed(entries: string, data: Uint8Array | string): Promise<Reference> {
    const packed = await compress(data, { level: 9 });
    return this.addStream(`${entries}${entries === '' ? '' : ' '}/Filter /FlateDecode`, packed);
  }

  toBytes({ root, info }: { root: Reference; info: Reference }): Uint8Array {
    const parts: Uint8Array[] = [Buffer.from(header, 'latin1')];
    const offsets: number[] = [];
    let size = header.length;
    const push = (part: Uint8Array): void => {
      parts.push(part);
      size += part.length;
    };
    this.#objects.forEach((body, i) => {
      if (body === undefined) throw new Error(`Object ${i + 1} was reserved and never added.`);
      offsets.push(size);
      push(Buffer.from(`${i + 1} 0 obj\n`));
      push(body);
      push(Buffer.from('\nendobj\n'));
    });
    const table = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
    const count = this.#objects.length + 1;
    const trailer = `trailer\n<< /Size ${count} /Root ${root} /Info ${info} >>\nstartxref\n${size}\n%%EOF\n`;
    push(Buffer.from(`xref\n0 ${count}\n0000000000 65535 f \n${table}${trailer}`));
    return Buffer.concat(parts);
  }
}

/** The bytes beyond ASCII tell programs that transfer files that this one is binary. */
const header = '%PDF-1.5\n%\xe2\xe3\xcf\xd3\n';

const compress = promisify<Uint8Array | string, { level: number }, Buffer>(deflate);

/** A number as PDF writes it: no exponent, at most `digits` after the point. */
export function num(value: number, digits = 2): string {
  const text = Math.min(Math.max(value, -maxNumber), maxNumber).toFixed(digits);
  if (!text.includes('.')) return text;
  const short = text.replace(/\.?0+$/, '');
  return short === '-0' ? '0' : short;
}

const maxNumber = 1e7;

/** A text string of a dictionary: UTF-16 where it has more than ASCII. */
export function textString(text: string): string {
  // eslint-disable-next-line no-control-regex -- ASCII is what it means
  if (/^[\x20-\x7e]*$/.test(text)) return `(${text.replace(/[\\()]/g, '\\$&')})`;
  return `<feff${Buffer.from(text, 'utf16le').swap16().toString('hex')}>`;
}
