/** How a sample is stored: 1 unsigned, 2 signed, 3 floating point. */
type SampleFormat = 1 | 2 | 3;

interface Samples {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  /** Interleaved. Int16Array, Uint32Array, Float32Array or Float64Array, for example. */
  readonly data: ArrayBufferView;
  readonly bits: number;
  readonly format: SampleFormat;
}

/** An uncompressed TIFF file of one strip, with samples wider than sharp can write. */
export function wideTiff({ width, height, channels, data, bits, format }: Samples): Buffer {
  const pixels = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  const tags: readonly (readonly [tag: number, type: 3 | 4, count: number, value: number])[] = [
    [256, 4, 1, width],
    [257, 4, 1, height],
    // Three values do not fit into an entry, which then has their place.
    [258, 3, channels, channels === 1 ? bits : bitsAt],
    [259, 3, 1, 1],
    [262, 3, 1, channels === 1 ? 1 : 2],
    [273, 4, 1, pixelsAt],
    [277, 3, 1, channels],
    [278, 4, 1, height],
    [279, 4, 1, pixels.length],
    [339, 3, channels, channels === 1 ? format : formatsAt],
  ];
  const head = Buffer.alloc(pixelsAt);
  head.write('II*\0', 'latin1');
  head.writeUInt32LE(8, 4);
  head.writeUInt16LE(tags.length, 8);
  tags.forEach(([tag, type, count, value], i) => {
    const at = 10 + 12 * i;
    head.writeUInt16LE(tag, at);
    head.writeUInt16LE(type, at + 2);
    head.writeUInt32LE(count, at + 4);
    head.writeUInt32LE(value, at + 8);
  });
  for (let i = 0; i < 3; i++) {
    head.writeUInt16LE(bits, bitsAt + 2 * i);
    head.writeUInt16LE(format, formatsAt + 2 * i);
  }
  return Buffer.concat([head, pixels]);
}

const bitsAt = 160;
const formatsAt = 168;
const pixelsAt = 176;
