import { pdfStream } from '../plain-pdf.js';
import { flate, packed, page, times, type HostilePdf } from './hostile-pdf.js';

const tile = '/Type /Pattern /PatternType 1 /PaintType 1 /TilingType 1';

function pattern(name: string, ...more: readonly string[]): HostilePdf {
  return page(name, () => ({
    content: '/Pattern cs /P scn 0 0 2000 2000 re f',
    side: 2000,
    resources: '/Pattern << /P 5 0 R >>',
    more,
  }));
}

/** @param entries of the shading; object 5 is its first function */
function shading(name: string, entries: string, ...more: readonly string[]): HostilePdf {
  return page(name, () => ({
    content: '/S sh '.repeat(20),
    side: 2000,
    resources: `/Shading << /S << /ColorSpace /DeviceRGB ${entries} >> >>`,
    more,
  }));
}

function mesh(name: string, entries: string, data: () => Buffer): HostilePdf {
  const bits = '/BitsPerCoordinate 8 /BitsPerComponent 8 /BitsPerFlag 8 /Decode [0 2000 0 2000 0 1 0 1 0 1]';
  return page(name, () => ({
    content: '/S sh',
    side: 2000,
    resources: '/Shading << /S 5 0 R >>',
    more: [pdfStream(`/ColorSpace /DeviceRGB ${bits} ${entries} ${flate}`, packed(data()))],
  }));
}

const ramp = '/FunctionType 2 /Domain [0 1] /C0 [0 0 0] /C1 [1 1 1] /N 1';

/** Pages filled with patterns, shadings and functions. */
export const patternPdfs: readonly HostilePdf[] = [
  pattern(
    'a pattern of tiny tiles',
    pdfStream(`${tile} /BBox [0 0 1 1] /XStep .01 /YStep .01 /Resources << >>`, '0 0 1 1 re f'),
  ),
  pattern(
    'a pattern without steps',
    pdfStream(`${tile} /BBox [0 0 1 1] /XStep 0 /YStep 0 /Resources << >>`, '0 0 1 1 re f'),
  ),
  pattern(
    'a pattern of absurd tiles',
    pdfStream(`${tile} /BBox [-1e30 -1e30 1e30 1e30] /XStep 1e-30 /YStep 1e30 /Resources << >>`, '0 0 1 1 re f'),
  ),
  pattern(
    'a pattern in itself',
    pdfStream(
      `${tile} /BBox [0 0 9 9] /XStep 9 /YStep 9 /Resources << /Pattern << /P 5 0 R >> >>`,
      '/Pattern cs /P scn 0 0 9 9 re f',
    ),
  ),
  pattern(
    'patterns in patterns',
    ...times(12, (i) =>
      pdfStream(
        `${tile} /BBox [0 0 99 99] /XStep 9 /YStep 9 /Resources << /Pattern << /P ${i + 6} 0 R >> >>`,
        '/Pattern cs /P scn 0 0 99 99 re f',
      ),
    ),
  ),
  shading(
    'a shading whose colors take long to compute',
    '/ShadingType 1 /Domain [0 2000 0 2000] /Function 5 0 R',
    pdfStream(
      '/FunctionType 4 /Domain [0 2000 0 2000] /Range [0 1 0 1 0 1]',
      `{ pop ${'dup mul sin cos '.repeat(5000)} dup dup }`,
    ),
  ),
  shading(
    'a program of braces 100,000 deep',
    '/ShadingType 1 /Domain [0 1 0 1] /Function 5 0 R',
    pdfStream('/FunctionType 4 /Domain [0 1 0 1] /Range [0 1 0 1 0 1]', '{'.repeat(100_000) + '}'.repeat(100_000)),
  ),
  shading(
    'a program that copies its stack',
    '/ShadingType 1 /Domain [0 1 0 1] /Function 5 0 R',
    pdfStream(
      '/FunctionType 4 /Domain [0 1 0 1] /Range [0 1 0 1 0 1]',
      `{ ${'2147483647 copy 100 50 roll -2147483648 2147483647 roll '.repeat(1000)} }`,
    ),
  ),
  shading(
    'samples of a billion sides',
    '/ShadingType 2 /Coords [0 0 2000 2000] /Function 5 0 R',
    pdfStream('/FunctionType 0 /Domain [0 1] /Range [0 1 0 1 0 1] /Size [1000000000] /BitsPerSample 32', 'abc'),
  ),
  shading(
    'samples in 32 dimensions',
    '/ShadingType 1 /Domain [0 1 0 1] /Function 5 0 R',
    pdfStream(
      `/FunctionType 0 /Domain [${'0 1 '.repeat(32)}] /Range [0 1 0 1 0 1] /Size [${'2 '.repeat(32)}] /BitsPerSample 8`,
      'abc',
    ),
  ),
  shading(
    'functions 5000 deep',
    '/ShadingType 2 /Coords [0 0 2000 2000] /Function 5 0 R',
    ...times(5000, (i) => `<< /FunctionType 3 /Domain [0 1] /Functions [${i + 6} 0 R] /Bounds [] /Encode [0 1] >>`),
    `<< ${ramp} >>`,
  ),
  shading(
    'a function of itself',
    '/ShadingType 2 /Coords [0 0 2000 2000] /Function 5 0 R',
    '<< /FunctionType 3 /Domain [0 1] /Functions [5 0 R 5 0 R] /Bounds [.5] /Encode [0 1 0 1] >>',
  ),
  shading(
    'functions that double 25 times',
    '/ShadingType 2 /Coords [0 0 2000 2000] /Function 5 0 R',
    ...times(
      25,
      (i) =>
        `<< /FunctionType 3 /Domain [0 1] /Functions [${i + 6} 0 R ${i + 6} 0 R] /Bounds [.5] /Encode [0 1 0 1] >>`,
    ),
    `<< ${ramp} >>`,
  ),
  shading(
    'a power of a billion',
    '/ShadingType 2 /Coords [0 0 2000 2000] /Function 5 0 R',
    `<< /FunctionType 2 /Domain [-1 1] /C0 [${'0 '.repeat(100_000)}] /C1 [${'1 '.repeat(100_000)}] /N 1000000000 >>`,
  ),
  shading(
    'a line beyond all numbers',
    '/ShadingType 2 /Coords [-1e38 -1e38 1e38 1e38] /Extend [true true] /Function 5 0 R',
    `<< ${ramp} >>`,
  ),
  shading(
    'circles beyond all numbers',
    '/ShadingType 3 /Coords [0 0 1e38 1e-38 0 -1e38] /Extend [true true] /Function 5 0 R',
    `<< ${ramp} >>`,
  ),
  mesh('a million triangles', '/ShadingType 4', () =>
    Buffer.alloc(18e6, Buffer.from([0, 0, 0, 255, 0, 0, 0, 255, 0, 0, 255, 0, 0, 0, 255, 0, 0, 255])),
  ),
  mesh('a lattice of two billion columns', '/ShadingType 5 /VerticesPerRow 2147483647', () => Buffer.alloc(1e6)),
  mesh('a lattice of two columns and 5 million rows', '/ShadingType 5 /VerticesPerRow 2', () =>
    Buffer.alloc(50e6, Buffer.from([0, 0, 1, 2, 3, 255, 255, 9, 9, 9])),
  ),
  mesh('a hundred thousand patches of four curves', '/ShadingType 6', () => Buffer.alloc(37 * 100_000, patch(12))),
  mesh('a hundred thousand tensor patches', '/ShadingType 7', () => Buffer.alloc(45 * 100_000, patch(16))),
  page('a mesh of absurd numbers', () => ({
    content: '/S sh',
    resources: '/Shading << /S 5 0 R >>',
    more: [
      pdfStream(
        `/ColorSpace /DeviceRGB /ShadingType 6 /BitsPerCoordinate 32 /BitsPerComponent 16 /BitsPerFlag 8 /Decode [-3e38 3e38 -3e38 3e38 0 1 0 1 0 1] ${flate}`,
        packed(Buffer.alloc(121 * 1000, 0xfa)),
      ),
    ],
  })),
];

/** A patch of as many points, spread over the whole page, and four colors. */
function patch(points: number): Buffer {
  return Buffer.from([0, ...times(2 * points, (i) => (i * 97) % 256), ...times(12, (i) => 20 * i)]);
}
