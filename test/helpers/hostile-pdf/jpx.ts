import { times } from './hostile-pdf.js';

interface JpxStream {
  readonly name: string;
  readonly data: () => Buffer;
}

interface Codes {
  readonly width: number;
  readonly height: number;
  readonly tile?: readonly [width: number, height: number];
  readonly components?: number;
  readonly depth?: number;
  /** Distance of the samples of a component. */
  readonly step?: number;
  readonly layers?: number;
  readonly levels?: number;
  /** Exponents of the sides of a precinct, of each level. */
  readonly precinct?: number;
  readonly block?: number;
  readonly data?: Buffer;
  readonly tiles?: number;
}

/** JPEG 2000 codes, ISO/IEC 15444-1, whose packets are empty. */
export const jpxStreams: readonly JpxStream[] = [
  { name: 'of 65,535 x 65,535', data: () => codes({ width: 65_535, height: 65_535 }) },
  { name: 'of four billion columns', data: () => codes({ width: 0xffffffff, height: 0xffffffff }) },
  {
    name: 'of four billion columns of distant samples',
    data: () => codes({ width: 0xffffffff, height: 0xffffffff, step: 255 }),
  },
  { name: 'of 8000 x 8000', data: () => codes({ width: 8000, height: 8000 }) },
  { name: 'of 16,384 components', data: () => codes({ width: 500, height: 500, components: 16_384 }) },
  { name: 'of a million tiles', data: () => codes({ width: 1000, height: 1000, tile: [1, 1] }) },
  {
    name: 'of 60,000 tiles that are there',
    data: () => codes({ width: 245, height: 245, tile: [1, 1], tiles: 60_000 }),
  },
  { name: 'of tiles without a size', data: () => codes({ width: 1000, height: 1000, tile: [0, 0] }) },
  {
    name: 'of 65,535 layers',
    data: () => codes({ width: 2000, height: 2000, layers: 65_535, data: Buffer.alloc(10e6) }),
  },
  { name: 'of 32 levels', data: () => codes({ width: 8000, height: 8000, levels: 32 }) },
  {
    name: 'of precincts of a pixel',
    data: () => codes({ width: 8000, height: 8000, precinct: 0, data: Buffer.alloc(50e6) }),
  },
  { name: 'of 38 bits', data: () => codes({ width: 1000, height: 1000, depth: 37 }) },
  {
    name: 'of blocks of a megapixel',
    data: () => codes({ width: 8000, height: 8000, block: 8, data: Buffer.alloc(1e6, 0xf7) }),
  },
  {
    name: 'of noise',
    data: () => codes({ width: 3000, height: 3000, data: Buffer.from(times(2e6, (i) => (i * i * 31 + 7) % 255)) }),
  },
];

function codes({
  width,
  height,
  tile = [width, height],
  components = 3,
  depth = 7,
  step = 1,
  layers = 1,
  levels = 5,
  precinct,
  block = 4,
  data = Buffer.alloc(1000),
  tiles = 1,
}: Codes): Buffer {
  const size = [
    short(0),
    long(width),
    long(height),
    long(0),
    long(0),
    long(tile[0]),
    long(tile[1]),
    long(0),
    long(0),
    short(components),
  ];
  const component = Buffer.from([depth, step, step]);
  const precincts = precinct === undefined ? [] : times(levels + 1, () => precinct * 17);
  const style = Buffer.from([
    precinct === undefined ? 0 : 1,
    0,
    layers >> 8,
    layers & 255,
    0,
    levels,
    block,
    block,
    0,
    1,
    ...precincts,
  ]);
  const quantization = Buffer.from([0x40, ...times(3 * levels + 1, () => 0x48)]);
  const parts = times(tiles, (i) =>
    Buffer.concat([
      marker(0x90, short(i), long(14 + data.length), Buffer.from([0, 1])),
      Buffer.from([0xff, 0x93]),
      data,
    ]),
  );
  return Buffer.concat([
    Buffer.from([0xff, 0x4f]),
    marker(0x51, ...size, ...times(components, () => component)),
    marker(0x52, style),
    marker(0x5c, quantization),
    ...parts,
    Buffer.from([0xff, 0xd9]),
  ]);
}

function marker(code: number, ...parts: readonly Buffer[]): Buffer {
  const data = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([0xff, code]), short(data.length + 2), data]);
}

function long(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
}

function short(value: number): Buffer {
  return long(value).subarray(2);
}
