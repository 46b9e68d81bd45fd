import { crc32, deflateSync } from 'node:zlib';

/** A chunk of a PNG file. */
export function pngChunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const frame = Buffer.alloc(body.length + 8);
  frame.writeUInt32BE(data.length);
  body.copy(frame, 4);
  frame.writeUInt32BE(crc32(body), frame.length - 4);
  return frame;
}

export interface PngParts {
  readonly width: number;
  readonly height: number;
  /** Chunks between the header and the pixels. */
  readonly before?: readonly Uint8Array[];
  /** Chunks between the pixels and the end. */
  readonly after?: readonly Uint8Array[];
  /** Bytes of the pixels, each row with its filter; default: a black picture. */
  readonly rows?: Uint8Array;
}

/** A PNG file of 8-bit RGB. */
export function png({ width, height, before = [], after = [], rows }: PngParts): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width);
  header.writeUInt32BE(height, 4);
  header.set([8, 2], 8);
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    pngChunk('IHDR', header),
    ...before,
    pngChunk('IDAT', deflateSync(rows ?? Buffer.alloc((width * 3 + 1) * height))),
    ...after,
    pngChunk('IEND', Buffer.alloc(0)),
  ]);
}
