import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../helpers/cli.js';
import type { Ask } from '../helpers/http.js';

const folder = path.join(root, '..', 'shared', 'reference');
const file = path.join(folder, 'http-transcripts.json');

/** The reason why the recordings cannot be replayed on this machine; undefined if they can. */
export const skipReason = existsSync(file) ? undefined : `the recordings of the original (${file}) are not here`;

export interface Exchange {
  readonly name: string;
  readonly request: {
    readonly method: string;
    readonly path: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: string;
    readonly bodyBase64?: string;
  };
  readonly flask3: Recorded;
  /** The answer of the older Flask if it differs: mostly UTF-8 instead of escapes. */
  readonly flask2?: Recorded;
}

export interface Recorded {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export function readExchanges(): Exchange[] {
  if (skipReason !== undefined) return [];
  return (JSON.parse(readFileSync(file, 'utf8')) as { transcripts: Exchange[] }).transcripts;
}

/** The request with its placeholders replaced and its shortened body restored. */
export function requestOf({ name, request }: Exchange): Ask {
  const { method, headers, body, bodyBase64 } = request;
  if (bodyBase64 !== undefined) return { method, headers, body: Buffer.from(bodyBase64, 'base64') };
  return body === undefined ? { method, headers } : { method, headers, body: fill(name, body) };
}

function fill(name: string, body: string): string {
  const shortened = /^(.*)\.\.\.<(\d+) characters in all>$/s.exec(body);
  if (shortened === null) {
    return body
      .replaceAll(/\{@([^}]+)\}/g, (_, picture: string) => picture64(picture))
      .replaceAll('{LOCAL}', path.join(folder, 'goldens', 'rapid-text_rec.jpg'));
  }
  const [, start = '', length = ''] = shortened;
  const whole = `{"images": [${JSON.stringify(rebuild[name]?.() ?? '')}]}`;
  if (!whole.startsWith(start) || whole.length !== Number(length)) throw new Error(`${name} is not what was recorded`);
  return whole;
}

const rebuild: Readonly<Record<string, () => string>> = {
  'base64 with line breaks': () => picture64('rapid-text_rec.jpg').replaceAll(/.{76}/g, '$&\n'),
  'base64 with spaces for plus': () => picture64('rapid-text_rec.jpg').replaceAll('+', ' '),
  'base64 without its padding': () => picture64('rapid-img_exif_orientation.jpg').replaceAll('=', ''),
  'base64 url-safe image': () => picture64('rapid-img_exif_orientation.jpg').replaceAll('+', '-').replaceAll('/', '_'),
  'JPEG cut in half': () => {
    const bytes = picture('rapid-text_rec.jpg');
    return bytes.subarray(0, bytes.length / 2).toString('base64');
  },
};

function picture(name: string): Buffer {
  return readFileSync(path.join(folder, 'goldens', name));
}

function picture64(name: string): string {
  return picture(name).toString('base64');
}
