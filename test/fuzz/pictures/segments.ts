import type { Mutator } from './bytes.js';
import { splice } from './bytes.js';
import { setDimension } from './dimension.js';
import type { Random } from '../random.js';

/** Damages a JPEG file segment by segment. */
export const mutateJpeg: Mutator = (file, random) => {
  const segments = jpegSegments(file);
  if (segments.length === 0) return file;
  const { at, length } = random.pick(segments);
  const segment = file.subarray(at, at + length);
  switch (random.below(6)) {
    case 0:
      return splice(file, at, 0, times(segment, 1 + random.below(300)));
    case 1:
      return splice(file, at, length, Buffer.alloc(0));
    case 2:
      return splice(file, at + 2, 2, short(random.edge()));
    case 3:
      return frame(file, segments, random);
    case 4:
      return splice(file, at + 4 + random.below(Math.max(1, length - 4)), 1, random.bytes(1));
    default:
      return splice(
        file,
        at + 1,
        1,
        Buffer.from([random.pick([0xc0, 0xc1, 0xc2, 0xc3, 0xc9, 0xc4, 0xda, 0xdb, 0xdd, 0xe1, 0xe2, 0xee, 0xfe])]),
      );
  }
};

interface Segment {
  readonly at: number;
  readonly length: number;
}

/** The segments up to the first scan, with their markers. */
function jpegSegments(file: Buffer): Segment[] {
  const segments: Segment[] = [];
  for (let at = 2; at + 4 <= file.length && file[at] === 0xff;) {
    const length = 2 + file.readUInt16BE(at + 2);
    segments.push({ at, length });
    if (file[at + 1] === 0xda) break;
    at += length;
  }
  return segments;
}

/** Changes size, depth or components of the frame. */
function frame(file: Buffer, segments: readonly Segment[], random: Random): Buffer {
  const found = segments.find(({ at }) => [0xc0, 0xc1, 0xc2].includes(file[at + 1] ?? 0));
  if (found === undefined) return file;
  const field = random.below(5);
  if (field < 2) return splice(file, found.at + 5 + 2 * field, 2, short(setDimension(random)));
  return splice(file, found.at + random.pick([4, 9, 10, 11, 12]), 1, random.bytes(1));
}

/** Damages a WebP file chunk by chunk. */
export const mutateWebp: Mutator = (file, random) => {
  const chunks: Segment[] = [];
  for (let at = 12; at + 8 <= file.length;) {
    const length = 8 + file.readUInt32LE(at + 4) + (file.readUInt32LE(at + 4) % 2);
    chunks.push({ at, length });
    at += length;
  }
  if (chunks.length === 0) return file;
  const { at, length } = random.pick(chunks);
  const chunk = file.subarray(at, at + length);
  const changed = [
    () => splice(file, at, 0, times(chunk, 1 + random.below(300))),
    () => splice(file, at, length, Buffer.alloc(0)),
    () => splice(file, at + 4, 4, long(random.edge())),
    () => splice(file, at + 8 + random.below(16), 1, random.bytes(1)),
    () => splice(file, at + 8, Math.min(10, length), extended(random)),
    () =>
      splice(
        file,
        at,
        4,
        Buffer.from(random.pick(['VP8 ', 'VP8L', 'VP8X', 'ANIM', 'ANMF', 'ALPH', 'ICCP', 'EXIF', 'XMP '])),
      ),
  ];
  const result = Buffer.from(random.pick(changed)());
  if (random.chance(0.8) && result.length >= 8) result.writeUInt32LE(result.length - 8, 4);
  return result;
};

/** The content of VP8X: flags and the size of the canvas. */
function extended(random: Random): Buffer {
  return Buffer.concat([
    Buffer.from([random.below(256), 0, 0, 0]),
    long(setDimension(random)).subarray(0, 3),
    long(setDimension(random)).subarray(0, 3),
  ]);
}

function times(part: Buffer, count: number): Buffer {
  return Buffer.concat(Array.from({ length: count }, () => part));
}

function short(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value & 0xffff);
  return bytes;
}

function long(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value >>> 0);
  return bytes;
}
