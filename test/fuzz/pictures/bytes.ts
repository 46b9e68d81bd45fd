import type { Random } from '../random.js';

/** Makes a damaged file of a file. It knows nothing of the format, or leaves the file as it is if it is none of its own. */
export type Mutator = (file: Buffer, random: Random) => Buffer;

/** Changes that need no knowledge of a format. */
export const byteMutators: readonly Mutator[] = [
  flipBits,
  setNumber,
  setNumber,
  truncate,
  repeatPart,
  removePart,
  overwritePart,
];

/** Replaces `length` bytes at `start`. */
export function splice(file: Buffer, start: number, length: number, by: Uint8Array): Buffer {
  return Buffer.concat([file.subarray(0, start), by, file.subarray(start + length)]);
}

/** Heads hold what decoders trust, so half of all places are there. */
function place(file: Buffer, random: Random): number {
  return random.below(random.chance(0.5) ? Math.min(file.length, 128) : file.length);
}

function flipBits(file: Buffer, random: Random): Buffer {
  const changed = Buffer.from(file);
  for (let flips = 1 + random.below(8); flips > 0; flips--) {
    const at = place(file, random);
    changed[at] = (changed[at] ?? 0) ^ (1 << random.below(8));
  }
  return changed;
}

function setNumber(file: Buffer, random: Random): Buffer {
  const number = Buffer.alloc(4);
  const [big, short] = [random.chance(0.5), random.chance(0.5)];
  if (big) number.writeUInt32BE(random.edge() >>> 0);
  else number.writeUInt32LE(random.edge() >>> 0);
  const bytes = short ? number.subarray(big ? 2 : 0, big ? 4 : 2) : number;
  return splice(file, place(file, random), bytes.length, bytes);
}

function truncate(file: Buffer, random: Random): Buffer {
  return file.subarray(0, random.below(file.length));
}

function repeatPart(file: Buffer, random: Random): Buffer {
  const start = place(file, random);
  const part = file.subarray(start, start + 1 + random.below(256));
  return splice(file, start, 0, Buffer.concat(Array.from({ length: 1 + random.below(40) }, () => part)));
}

function removePart(file: Buffer, random: Random): Buffer {
  return splice(file, place(file, random), 1 + random.below(64), Buffer.alloc(0));
}

function overwritePart(file: Buffer, random: Random): Buffer {
  const length = 1 + random.below(64);
  return splice(file, place(file, random), length, random.chance(0.3) ? Buffer.alloc(length) : random.bytes(length));
}
