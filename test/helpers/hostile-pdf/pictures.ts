import { pdfStream } from '../plain-pdf.js';
import { flate, packed, page, times, type HostilePdf } from './hostile-pdf.js';
import { jbig2Streams } from './jbig2.js';
import { jpxStreams } from './jpx.js';

const gray = '/BitsPerComponent 8 /ColorSpace /DeviceGray';

/** A page with a picture; object 5 is the picture. */
function picture(name: string, entries: string, data: () => string, more: readonly string[] = []): HostilePdf {
  return page(name, () => ({
    content: 'q 200 0 0 200 0 0 cm /X Do Q',
    resources: '/XObject << /X 5 0 R >>',
    more: [pdfStream(`/Type /XObject /Subtype /Image ${entries}`, data()), ...more],
  }));
}

/** Pages with pictures of all kinds. */
export const picturePdfs: readonly HostilePdf[] = [
  picture('a picture that claims 65,535 x 65,535', `/Width 65535 /Height 65535 ${gray}`, () => 'abc'),
  picture('a picture that claims two billion columns', `/Width 2147483647 /Height 2147483647 ${gray}`, () => 'abc'),
  picture('a picture of negative sides', `/Width -100 /Height -100 ${gray}`, () => 'abc'),
  picture(
    'a picture of 60,000 x 60,000 bits',
    `/Width 60000 /Height 60000 /BitsPerComponent 1 /ColorSpace /DeviceGray ${flate}`,
    () => packed(Buffer.alloc(450e6)),
  ),
  picture('a picture of 20,000 x 20,000', `/Width 20000 /Height 20000 ${gray} ${flate}`, () =>
    packed(Buffer.alloc(400e6, 99)),
  ),
  picture(
    'a picture of 9000 x 9000 in CMYK of 16 bits',
    `/Width 9000 /Height 9000 /BitsPerComponent 16 /ColorSpace /DeviceCMYK ${flate}`,
    () => packed(Buffer.alloc(648e6, 99)),
  ),
  picture('a mask of 20,000 x 20,000', `/Width 1 /Height 1 ${gray} /SMask 6 0 R`, () => 'a', [
    pdfStream(
      `/Type /XObject /Subtype /Image /Width 20000 /Height 20000 ${gray} ${flate}`,
      packed(Buffer.alloc(400e6, 99)),
    ),
  ]),
  picture('a picture that is its own mask', `/Width 10 /Height 10 ${gray} /SMask 5 0 R /Mask 5 0 R`, () =>
    'a'.repeat(100),
  ),
  picture(
    'colors of 32 parts',
    `/Width 3000 /Height 3000 /BitsPerComponent 8 /ColorSpace [/DeviceN [${times(32, (i) => `/C${i}`).join(' ')}] /DeviceRGB 6 0 R] ${flate}`,
    () => packed(Buffer.alloc(288e6, 99)),
    [pdfStream(`/FunctionType 4 /Domain [${'0 1 '.repeat(32)}] /Range [0 1 0 1 0 1]`, `{ ${'pop '.repeat(29)} }`)],
  ),
  picture(
    'a color that takes long to compute',
    `/Width 4000 /Height 4000 /BitsPerComponent 8 /ColorSpace [/Separation /C /DeviceRGB 6 0 R] ${flate}`,
    () => packed(Buffer.alloc(16e6, 99)),
    [pdfStream('/FunctionType 4 /Domain [0 1] /Range [0 1 0 1 0 1]', `{ ${'dup mul sin cos '.repeat(2000)} dup dup }`)],
  ),
  picture('colors in a circle', `/Width 10 /Height 10 /BitsPerComponent 8 /ColorSpace 6 0 R`, () => 'a'.repeat(300), [
    '[/Indexed 6 0 R 255 (abc)]',
  ]),
  picture(
    'colors 10,000 deep',
    `/Width 10 /Height 10 /BitsPerComponent 8 /ColorSpace 6 0 R`,
    () => 'a'.repeat(300),
    times(10_000, (i) => `[/Pattern ${i + 7} 0 R]`),
  ),
  picture(
    'a profile of 500 MB',
    `/Width 10 /Height 10 /BitsPerComponent 8 /ColorSpace [/ICCBased 6 0 R]`,
    () => 'a'.repeat(300),
    [pdfStream(`/N 3 /Alternate [/ICCBased 6 0 R] ${flate}`, packed(Buffer.alloc(500e6, 1)))],
  ),
  picture('a decode of a million numbers', `/Width 10 /Height 10 ${gray} /Decode [${'1e38 '.repeat(1e6)}]`, () =>
    'a'.repeat(100),
  ),
  ...[
    '/K -1 /Columns 2147483647 /Rows 2147483647',
    '/K -1 /Columns 60000 /Rows 60000',
    '/K 4 /Columns 60000 /Rows 60000 /EncodedByteAlign true',
    '/K 0 /Columns -1 /Rows -1',
  ].map((parameters) =>
    picture(
      `a fax of ${parameters}`,
      `/Width 60000 /Height 60000 /BitsPerComponent 1 /ColorSpace /DeviceGray /Filter [/FlateDecode /CCITTFaxDecode] /DecodeParms [null << ${parameters} >>]`,
      () => packed(Buffer.alloc(20e6, 0xff)),
    ),
  ),
  picture('a JPEG that claims 65,500 x 65,500', `/Width 65500 /Height 65500 ${gray} /Filter /DCTDecode`, () =>
    jpeg(65_500, 65_500, 1),
  ),
  picture('a JPEG of a thousand scans', `/Width 4000 /Height 4000 ${gray} /Filter /DCTDecode`, () =>
    jpeg(4000, 4000, 1000),
  ),
  page('fifty thousand pictures', () => ({
    content: times(50_000, (i) => `/X${i} Do`).join(' '),
    resources: `/XObject << ${times(50_000, (i) => `/X${i} ${i + 5} 0 R`).join(' ')} >>`,
    more: times(50_000, () =>
      pdfStream(`/Type /XObject /Subtype /Image /Width 10 /Height 10 ${gray}`, 'a'.repeat(100)),
    ),
  })),
  page('a picture drawn twenty thousand times', () => ({
    content: `200 0 0 200 0 0 cm ${'/X Do '.repeat(20_000)}`,
    resources: '/XObject << /X 5 0 R >>',
    more: [
      pdfStream(`/Type /XObject /Subtype /Image /Width 8000 /Height 8000 ${gray} ${flate}`, packed(Buffer.alloc(64e6))),
    ],
  })),
  ...[
    '1e30 0 0 1e30 0 0',
    '1e-30 0 0 1e-30 0 0',
    '0 0 0 0 0 0',
    '99999999999999999999999999999999999999999999 0 0 1 0 0',
    '1000000 1000000 -1000000 1000000 0 0',
  ].map((matrix) =>
    page(`a picture in the frame ${matrix}`, () => ({
      content: `${matrix} cm /X Do`,
      resources: '/XObject << /X 5 0 R >>',
      more: [pdfStream(`/Type /XObject /Subtype /Image /Width 100 /Height 100 ${gray}`, 'a'.repeat(10_000))],
    })),
  ),
  ...jbig2Streams.map(({ name, data, globals = '' }) =>
    picture(
      `JBIG2, ${name}`,
      `/Width 8000 /Height 8000 /BitsPerComponent 1 /ColorSpace /DeviceGray /Filter [/FlateDecode /JBIG2Decode] /DecodeParms [null << /JBIG2Globals 6 0 R >>]`,
      () => packed(data()),
      [pdfStream('', globals)],
    ),
  ),
  ...jpxStreams.map(({ name, data }) =>
    picture(`JPEG 2000, ${name}`, '/Width 8000 /Height 8000 /Filter [/FlateDecode /JPXDecode]', () => packed(data())),
  ),
];

/** A progressive JPEG of one component: empty scans of a frame of this size. */
function jpeg(width: number, height: number, scans: number): string {
  const frame = [0xff, 0xc2, 0, 11, 8, height >> 8, height & 255, width >> 8, width & 255, 1, 1, 0x11, 0];
  const quantization = [0xff, 0xdb, 0, 67, 0, ...times(64, () => 1)];
  // One code of one bit: the symbol 0.
  const table = (kind: number): number[] => [0xff, 0xc4, 0, 20, kind, 1, ...times(15, () => 0), 0];
  const scan = [0xff, 0xda, 0, 8, 1, 1, 0, 0, 0, 0];
  return Buffer.from([
    0xff,
    0xd8,
    ...quantization,
    ...table(0),
    ...table(0x10),
    ...frame,
    ...times(scans, () => scan).flat(),
    0xff,
    0xd9,
  ]).toString('latin1');
}
