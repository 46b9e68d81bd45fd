import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { fixtureBytes } from '../../helpers/pictures.js';
import type { Operation, Schema } from './operations.js';
import { jsonText, oddValue, valueOf } from './value.js';

/** A request as bytes, and what is known of it. */
export interface RawRequest {
  readonly operation: Operation;
  /** Everything that is sent. */
  readonly bytes: Buffer;
  /** Whether the bytes end before the request does, so that the connection may be closed without an answer. */
  readonly isCut: boolean;
}

interface Body {
  readonly type: string;
  readonly bytes: Buffer;
}

const files = ['small.png', 'exif-6.jpg', 'page.tiff', 'not-a-picture.txt'].map(fixtureBytes);

/** Requests to the operations: most are nearly right, and each part of some is wrong. */
export function requestOf(operations: readonly Operation[]): fc.Arbitrary<RawRequest> {
  return fc.constantFrom(...operations).chain((operation) =>
    fc
      .record({
        method: fc.oneof(
          { weight: 12, arbitrary: fc.constant(operation.method) },
          {
            weight: 1,
            arbitrary: fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'HEAD', 'PATCH', 'TRACE', 'BREW', ''),
          },
        ),
        path: pathOf(operation),
        query: queryOf(operation),
        body: bodyOf(operation),
        headers: fc.oneof(
          { weight: 3, arbitrary: fc.constant([]) },
          { weight: 1, arbitrary: fc.array(oddHeader, { minLength: 1, maxLength: 2 }) },
        ),
        transport: fc.constantFrom(
          ...Array<string>(12).fill('length'),
          'chunked',
          'chunked',
          'gzip',
          'short',
          'long',
          'bad chunk',
        ),
      })
      .map(({ method, path, query, body, headers, transport }) => {
        const head = [`${method} ${path}${query} HTTP/1.1`, 'Host: 127.0.0.1', 'Connection: close', ...headers];
        if (body === undefined)
          return { operation, bytes: Buffer.from(`${head.join('\r\n')}\r\n\r\n`, 'latin1'), isCut: false };
        const { lines, bytes, isCut } = packed(body.bytes, transport);
        const text = `${[...head, `Content-Type: ${body.type}`, ...lines].join('\r\n')}\r\n\r\n`;
        return { operation, bytes: Buffer.concat([Buffer.from(text, 'latin1'), bytes]), isCut };
      }),
  );
}

function pathOf({ path }: Operation): fc.Arbitrary<string> {
  const part = fc.constantFrom(
    'ocr_system',
    'ocr',
    '1',
    'nothing',
    '..',
    '%2e%2e',
    '%00',
    '%ff',
    '%',
    "'",
    '__proto__',
    'a'.repeat(300),
    '0'.repeat(32),
    '%E4%B8%AD',
  );
  const fill = part.map((text) => path.replaceAll(/\{\w+\}/g, text));
  const odd = fc.constantFrom(
    `${path}/`,
    `/${path}`,
    path.toUpperCase(),
    `${path}/..`,
    `${path}%20`,
    `${path};a=1`,
    `http://other${path}`,
    `${path}#x`,
    'x',
    '*',
    `${path}?`.repeat(3),
  );
  return fc.oneof({ weight: 12, arbitrary: fill }, { weight: 1, arbitrary: odd });
}

function queryOf({ query }: Operation): fc.Arbitrary<string> {
  const names = [...Object.keys(query), 'pages', 'overload', 'url', '__proto__', 'format', 'api-version'];
  const pair = fc
    .constantFrom(...names)
    .chain((name) =>
      valueOf(query[name] ?? {}, name).map(
        (value) => `${name}=${safeEncode(typeof value === 'string' ? value : jsonText(value))}`,
      ),
    );
  return fc.oneof(
    { weight: 3, arbitrary: fc.constant('') },
    {
      weight: 1,
      arbitrary: fc.array(pair, { minLength: 1, maxLength: 3 }).map((pairs) => `?${pairs.join('&')}`.slice(0, 4000)),
    },
  );
}

/** Lone surrogates, which cannot be encoded, become replacement characters. */
function safeEncode(text: string): string {
  return encodeURIComponent(Buffer.from(text).toString());
}

function bodyOf({ bodies }: Operation): fc.Arbitrary<Body | undefined> {
  const types = Object.entries(bodies);
  if (types.length === 0)
    return fc
      .option(fc.constant<Body>({ type: 'application/json', bytes: Buffer.from('{}') }), { freq: 4 })
      .map((body) => body ?? undefined);
  const own = fc.constantFrom(...types).chain(([type, schema]) => bodyOfType(type, schema));
  const type = fc.constantFrom(
    '',
    'text/plain',
    'application/json; charset=utf-16',
    'multipart/form-data',
    'multipart/form-data; boundary=',
    'application/x-www-form-urlencoded',
    'image/png',
    'application/octet-stream',
    'APPLICATION/JSON;;;',
    'a/b',
  );
  return fc.tuple(own, fc.option(type, { freq: 10 }), damage).map(([body, other, damaged]) => ({
    type: other ?? body.type,
    bytes: damaged(body.bytes),
  }));
}

function bodyOfType(type: string, schema: Schema): fc.Arbitrary<Body> {
  if (type.endsWith('json')) return valueOf(schema).map((value) => ({ type, bytes: Buffer.from(jsonText(value)) }));
  if (type === 'multipart/form-data') return form(schema);
  if (type.endsWith('urlencoded')) {
    return valueOf(schema).map((value) => ({
      type,
      bytes: Buffer.from(
        pairsOf(value)
          .map(([name, text]) => `${safeEncode(name)}=${safeEncode(text)}`)
          .join('&'),
      ),
    }));
  }
  return fc.constantFrom(...files).map((bytes) => ({ type: type.replace('*', 'png'), bytes }));
}

const boundary = 'x-fuzz-x';

function form(schema: Schema): fc.Arbitrary<Body> {
  const fields = valueOf(schema.anyOf === undefined ? schema : { ...schema, ...schema.anyOf[0] });
  const fileName = fc.constantFrom('page.png', '', '../../a', 'a"b', '中.png', 'x'.repeat(500), 'a\\"');
  return fc
    .tuple(
      fields,
      fc.constantFrom('file', 'files', 'image_file', 'document', 'images'),
      fileName,
      fc.constantFrom(...files),
    )
    .map(([value, field, name, bytes]) => {
      const texts = pairsOf(value).map(
        ([key, text]) => `--${boundary}\r\nContent-Disposition: form-data; name="${key}"\r\n\r\n${text}\r\n`,
      );
      const file = `--${boundary}\r\nContent-Disposition: form-data; name="${field}"; filename="${name}"\r\nContent-Type: image/png\r\n\r\n`;
      return {
        type: `multipart/form-data; boundary=${boundary}`,
        bytes: Buffer.concat([Buffer.from(texts.join('') + file), bytes, Buffer.from(`\r\n--${boundary}--\r\n`)]),
      };
    });
}

function pairsOf(value: unknown): [string, string][] {
  if (typeof value !== 'object' || value === null) return [['x', jsonText(value)]];
  return Object.entries(value).map(([name, field]) => [name, typeof field === 'string' ? field : jsonText(field)]);
}

/** Leaves most bodies as they are. */
const damage: fc.Arbitrary<(bytes: Buffer) => Buffer> = fc.oneof(
  { weight: 12, arbitrary: fc.constant((bytes: Buffer) => bytes) },
  {
    weight: 1,
    arbitrary: fc
      .double({ min: 0, max: 1, noNaN: true })
      .map((share) => (bytes: Buffer) => bytes.subarray(0, Math.floor(share * bytes.length))),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.uint8Array({ maxLength: 5 }))
      .map(([share, by]) => (bytes: Buffer) => {
        const at = Math.floor(share * bytes.length);
        return Buffer.concat([bytes.subarray(0, at), by, bytes.subarray(at + by.length)]);
      }),
  },
  { weight: 1, arbitrary: fc.constant((bytes: Buffer) => Buffer.concat([Buffer.from('\ufeff'), bytes])) },
  { weight: 1, arbitrary: oddValue.map((value) => () => Buffer.from(jsonText(value))) },
);

const oddHeader = fc.oneof(
  fc.constantFrom(
    'Accept: text/html',
    'Accept: application/pdf',
    'Accept: */*;q=0',
    'Accept: ;;;',
    'Accept-Encoding: gzip, br;q=0',
    'Origin: http://evil.example',
    'Origin: null',
    'Sec-Fetch-Site: cross-site',
    'Authorization: Bearer ',
    'Authorization: Basic AAAA',
    'Api-Key: x',
    'X-Request-Id: ' + 'a'.repeat(300),
    'X-Request-Id: \u00e4\u0001',
    'X-Forwarded-For: 1.2.3.4',
    'Forwarded: for=x;host=evil',
    'X-Forwarded-Prefix: //evil',
    'Expect: 100-continue',
    'Expect: 200-ok',
    'Inference-Header-Content-Length: -1',
    'Inference-Header-Content-Length: 99999999999',
    'Inference-Header-Content-Length: 2',
    'Range: bytes=0-1',
    'If-None-Match: *',
    'Upgrade: h2c',
    'TE: trailers',
    'Transfer-Encoding: gzip',
    'Transfer-Encoding: chunked',
    'Content-Length: 0',
    'Content-Length: -1',
    'Content-Encoding: br',
    'Host: evil.example',
    'Cookie: ' + 'c=1; '.repeat(500),
    'X: ' + 'y'.repeat(20_000),
    ' folded: 1',
    'no colon',
    'A: b\u0000c',
  ),
  fc
    .tuple(fc.string({ minLength: 1, maxLength: 12 }), fc.string({ maxLength: 40 }))
    .map(([name, value]) => `${name}: ${value}`),
);

/** A body with the headers that say how long it is. */
function packed(body: Buffer, transport: string): { lines: string[]; bytes: Buffer; isCut: boolean } {
  const length = (bytes: Buffer, wrong = 0): string[] => [`Content-Length: ${bytes.length + wrong}`];
  const chunk = (bytes: Buffer): Buffer =>
    Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')]);
  switch (transport) {
    case 'chunked': {
      const middle = Math.floor(body.length / 2);
      const parts = [body.subarray(0, middle), body.subarray(middle)].filter((part) => part.length > 0).map(chunk);
      return {
        lines: ['Transfer-Encoding: chunked'],
        bytes: Buffer.concat([...parts, Buffer.from('0\r\n\r\n')]),
        isCut: false,
      };
    }
    case 'gzip': {
      const bytes = gzipSync(body);
      return { lines: [...length(bytes), 'Content-Encoding: gzip'], bytes, isCut: false };
    }
    case 'short':
      return { lines: length(body, 10), bytes: body, isCut: true };
    case 'long':
      return { lines: length(body, -Math.min(3, body.length)), bytes: body, isCut: false };
    case 'bad chunk':
      return {
        lines: ['Transfer-Encoding: chunked'],
        bytes: Buffer.concat([Buffer.from('zz\r\n'), body]),
        isCut: true,
      };
    default:
      return { lines: length(body), bytes: body, isCut: false };
  }
}
