import { expect, it } from 'vitest';
import { decodeBase64 } from '../../../../src/runtime/http/body/base64.js';

it.each(['YSBwaWN0dXJl', 'YSBw\naWN0\r\ndXJl\n', ' YS\tBw\vaW \nN\f 0dXJl ', 'data:image/png;base64, YSBwaWN0dXJl'])(
  'decodeBase64 skips white space: %j',
  (text) => {
    expect(Buffer.from(decodeBase64(text, 'images[0]')).toString()).toBe('a picture');
  },
);

it.each([
  ['YSBw\u00a0aWN0', 'U+00A0 at position 4'],
  ['YSBw\u200baWN0', 'U+200B at position 4'],
  ['YSBw \u0161aWN0', '"\u0161" at position 5'],
  ['YSBw\u{1f600} aWN0', 'U+1F600 at position 4'],
  ['YSBw\r\n\r\naW!0', '"!" at position 10'],
  ['data:image/png;base64,YSBw*', '"*" at position 26'],
  ['%59SBw%0A!', '"!" at position 9'],
  ['YSBw+aW-', '"-" at position 7, beside "+" or "/" of the other alphabet'],
])('decodeBase64 names the first wrong character and its place: %j', (text, character) => {
  expect(messageFor(text)).toBe(`images[3] is not base64: character ${character}`);
});

function messageFor(text: string): string {
  try {
    return `decoded: ${Buffer.from(decodeBase64(text, 'images[3]')).toString('latin1')}`;
  } catch (error) {
    return (error as Error).message;
  }
}

const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP6DwABBQEAlfi+fwAAAABJRU5ErkJggg==',
  'base64',
);
const jpeg = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(92, 0xfb)]);
const files = { png, jpeg, pdf: Buffer.from('%PDF-1.7\n%\xe2\xe3\xcf\xfb\xff\xfe\n1 0', 'latin1') };

it.each(
  Object.entries(files).flatMap(([name, file]) => {
    const text = file.toString('base64');
    return [
      [`${name} in the url-safe alphabet`, text.replaceAll('+', '-').replaceAll('/', '_')],
      [`${name} in the url-safe alphabet without padding`, file.toString('base64url')],
      [`${name} with percent signs`, encodeURIComponent(text)],
      [
        `${name} with percent signs in small letters`,
        encodeURIComponent(text).toLowerCase().includes('%')
          ? text.replaceAll('+', '%2b').replaceAll('/', '%2f')
          : text,
      ],
      [`${name} as a data: address with percent signs`, encodeURIComponent(`data:image/png;base64,${text}`)],
      [`${name} behind DATA:`, `DATA:image/png;base64,${text}`],
      [`${name} behind Data: and BASE64`, `  Data:image/png;charset=utf-8;BASE64,${text}`],
      [`${name} behind a data: address without a type`, `data:;base64,${text}`],
      [`${name} behind a byte order mark`, `\uFEFF${text}`],
    ].map(([title, given]) => [title, given, file] as const);
  }),
)('decodeBase64 takes %s', (_, given, file) => {
  expect(Buffer.from(decodeBase64(given ?? '', 'images[0]')).equals(file)).toBe(true);
});

const twice = (bytes: Buffer): string => Buffer.from(bytes.toString('base64')).toString('base64');
const hex = png.toString('hex');
const list = png.join(',');

it.each([
  ['http://example.com/a.png', /character ":" at position 4; it looks like an address/],
  ['HTTPS://example.com/a.png', /an address/],
  ['https%3A%2F%2Fexample.com%2Fa.png', /an address/],
  ['blob:http://localhost/550e8400', /an address/],
  ['//example.com/scans/a', /an address/],
  ['file:///home/a/b.png', /an address/],
  ['s3://bucket/key', /an address/],
  ['page.png', /the path of a file, "page.png"; send its content/],
  ['/home/user/scans/page', /the path of a file, "\/home\/user\/scans\/page"/],
  ['/tmp/abc', /the path of a file/],
  ['./page.jpg', /the path of a file/],
  ['~/page', /the path of a file/],
  ['C:\\scans\\page.jpg', /the path of a file, "C:\\\\scans\\\\page\.jpg"/],
  ['\\\\server\\share\\page.tif', /the path of a file/],
  ['扫描 1.jpg', /the path of a file, "扫描 1.jpg"/],
  [`b'${png.toString('base64')}'`, /character "'" at position 1; it looks like Python's text of bytes/],
  [`b"${png.toString('base64')}"`, /Python's text of bytes/],
  [`bytearray(b'${png.toString('base64')}')`, /Python's text of bytes/],
  ["b'\\x89PNG\\r\\n'", /Python's text of bytes/],
  ['\\x89PNG\\r\\n\\x1a', /escapes/],
  [JSON.stringify(png.toString('base64')), /character "\\"" at position 0; it looks like a JSON text in quotes/],
  [`'${png.toString('base64')}'`, /a text in quotes/],
  [hex, /it looks like hexadecimal digits/],
  [hex.toUpperCase(), /hexadecimal digits/],
  [`0x${hex}`, /hexadecimal digits/],
  [hex.match(/../g)?.join(' '), /hexadecimal digits/],
  [hex.match(/../g)?.join(':'), /hexadecimal digits/],
  [`[${list}]`, /a list of the bytes as numbers/],
  [list, /a list of the bytes as numbers/],
  [`[${png.join(', ')}]`, /a list of the bytes as numbers/],
  [JSON.stringify(png), /the JSON of a buffer of bytes/],
  [JSON.stringify(new Uint8Array(png)), /the JSON of a buffer of bytes/],
  [twice(png), /base64 of base64; encode it once/],
  [twice(jpeg), /base64 of base64; encode it once/],
  [
    Buffer.from(`data:image/png;base64,${png.toString('base64')}`).toString('base64'),
    /base64 of base64; encode it once/,
  ],
  [Buffer.from('https://example.com/a.png').toString('base64'), /the base64 of an address/],
  [Buffer.from('/home/a/page.png').toString('base64'), /the base64 of the path of a file/],
  [Buffer.from(hex).toString('base64'), /the base64 of hexadecimal digits/],
  [png.toString('latin1'), /the bytes of a file as text/],
  [png.toString('utf8'), /the bytes of a file as text/],
  [jpeg.toString('utf8'), /the bytes of a file as text/],
  ['%PDF-1.7\n', /the bytes of a file as text/],
  ['undefined', /the name of an empty value/],
  ['null', /the name of an empty value/],
  ['None', /the name of an empty value/],
  ['[object Promise]', /the name of an object/],
  ['[object ArrayBuffer]', /the name of an object/],
  ['<_io.BytesIO object at 0x7f2b>', /the name of an object/],
  ['System.Byte[]', /the name of an object/],
  ['[B@1b6d3586', /the name of an object/],
  ['<svg xmlns="http://www.w3.org/2000/svg"/>', /HTML, XML or SVG/],
  ['{"image": "AAAA"}', /JSON/],
  ['data:image/svg+xml,%3Csvg/%3E', /a data: address that is not base64/],
  ['data:image/png;base64', /a data: address that is not base64/],
  ['data:image/png;base64,data:image/png;base64,AAAA', /two data: prefixes/],
  ['image/png;base64,AAAA', /a data: address without "data:"/],
  ['-----BEGIN CERTIFICATE-----', /PEM/],
  ['iVBORw0KGgo&#x3D;', /escaped as HTML/],
  ['iVBORw0K\\nGgoA', /escaped twice/],
  ['iVBORw0K\\/GgoA', /escaped twice/],
  ['iVBORw0KGgo...', /cut short for a log, at "\.\.\."/],
  ['iVBORw%252BKGgo', /percent-encoded/],
  ['%89PNG%0D%0A', /percent-encoded/],
  ['RFIE4RYNBINAUAAAAAGUSSCEKIAAAAABAAAAAAIIAAAAAADIP2NFKA==', /base32/],
  ['550e8400-e29b-41d4-a716-446655440000', /a UUID/],
  [png.toString('base64').slice(0, 62), /Incorrect padding: 62 data characters need == behind them/],
])('decodeBase64 says what %j looks like', (text, look) => {
  expect(messageFor(text ?? '')).toMatch(look);
});

it.each(['a picture', 'Hello World! Stop!', '12345678', 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'])(
  'decodeBase64 does not guess what the bytes %j are',
  (given) => {
    expect(messageFor(Buffer.from(given).toString('base64'))).toBe(`decoded: ${given}`);
  },
);

const bytes = Buffer.from(Array.from({ length: 200 }, (_, i) => (i * 37) % 256));
const text = bytes.toString('base64');
const lines = (width: number, end: string): string => (text.match(new RegExp(`.{1,${width}}`, 'g')) ?? []).join(end);

it.each([
  ['line feeds', lines(76, '\n')],
  ['CRLF, and one at the end', `${lines(76, '\r\n')}\r\n`],
  ['line feeds and an indent', `  ${lines(64, '\n  ')}`],
  ['spaces, as a shell joins lines', lines(76, ' ')],
  ['spaces, and one at the end', `${lines(64, ' ')} `],
  ['a space before the padding', text.replace(/=+$/, ' $&')],
])('decodeBase64 takes lines that are parted by %s', (_, wrapped) => {
  expect(Buffer.from(decodeBase64(wrapped, 'base64')).equals(bytes)).toBe(true);
});

/** Texts with 1 to 12 times "+", which came as spaces. */
const lost = Array.from({ length: 12 }, (_, count) => {
  const digits = Array.from(Buffer.alloc(240, 7).toString('base64'));
  for (let i = 0; i <= count; i++) digits[5 + i * 23] = '+';
  return digits.join('');
});

it.each([
  ...lost,
  'AAA+',
  `data:image/png;base64,${lost[3] ?? ''}`,
  // Lines of equal length, of which each holds a "+" that was lost.
  `${'A'.repeat(75)}+\n`.repeat(3) + 'AAAA',
])('decodeBase64 refuses %s after each "+" has become a space', (given) => {
  const damaged = given.replaceAll('+', ' ');
  expect(() => decodeBase64(damaged, 'image_data')).toThrow(
    `image_data is not base64: a space at position ${given.indexOf('+')}; a "+" becomes a space in a form or an address unless it is written as %2B`,
  );
});
