import { crc32, deflateSync } from 'node:zlib';
import { setDimension } from './dimension.js';
import type { Random } from '../random.js';

interface Chunk {
  readonly type: string;
  readonly data: Buffer;
}

/** Damages a PNG file chunk by chunk and corrects the sums, which would hide everything behind them. */
export function mutatePng(file: Buffer, random: Random): Buffer {
  const chunks = chunksOf(file);
  if (chunks.length === 0) return file;
  const changed = random.pick([header, textBomb, repeat, remove, shuffle, damage, otherType, cut])([...chunks], random);
  return Buffer.concat([file.subarray(0, 8), ...changed.map(encode)]);
}

function chunksOf(file: Buffer): Chunk[] {
  const chunks: Chunk[] = [];
  for (let at = 8; at + 12 <= file.length;) {
    const length = file.readUInt32BE(at);
    chunks.push({
      type: file.toString('latin1', at + 4, at + 8),
      data: Buffer.from(file.subarray(at + 8, at + 8 + length)),
    });
    at += 12 + length;
  }
  return chunks;
}

function encode({ type, data }: Chunk): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

type Change = (chunks: Chunk[], random: Random) => Chunk[];

const header: Change = ([first, ...rest], random) => {
  if (first?.data.length !== 13) return rest;
  const data = Buffer.from(first.data);
  const field = random.below(4);
  if (field < 2) data.writeUInt32BE(setDimension(random), random.pick([0, 4]));
  // Depth, color, compression, filter, interlace.
  else data[8 + random.below(5)] = random.pick([0, 1, 2, 3, 4, 6, 8, 16, 32, 255]);
  return [{ type: first.type, data }, ...rest];
};

const textBomb: Change = ([first, ...rest], random) => {
  const zeros = deflateSync(Buffer.alloc(2 ** (16 + random.below(9)), random.pick([0, 65])));
  const kinds: readonly Chunk[] = [
    { type: 'zTXt', data: Buffer.concat([Buffer.from('note\0\0'), zeros]) },
    { type: 'iTXt', data: Buffer.concat([Buffer.from('note\0\x01\0\0\0'), zeros]) },
    { type: 'iCCP', data: Buffer.concat([Buffer.from('p\0\0'), zeros]) },
    { type: 'tEXt', data: Buffer.concat([Buffer.from('note\0'), Buffer.alloc(2 ** random.below(18), 65)]) },
    { type: 'eXIf', data: random.bytes(1 + random.below(200)) },
  ];
  const chunk = random.pick(kinds);
  const bombs = Array.from({ length: 1 + random.below(30) }, () => chunk);
  return first === undefined ? bombs : [first, ...bombs, ...rest];
};

const repeat: Change = (chunks, random) => {
  const at = random.below(chunks.length);
  const chunk = chunks[at];
  if (chunk !== undefined) chunks.splice(at, 0, ...Array.from({ length: 1 + random.below(2000) }, () => chunk));
  return chunks;
};

const remove: Change = (chunks, random) => {
  chunks.splice(random.below(chunks.length), 1);
  return chunks;
};

const shuffle: Change = (chunks, random) =>
  chunks
    .map((chunk) => ({ chunk, key: random.next() }))
    .sort((a, b) => a.key - b.key)
    .map(({ chunk }) => chunk);

const damage: Change = (chunks, random) => {
  const at = random.below(chunks.length);
  const data = Buffer.from(chunks[at]?.data ?? []);
  for (let i = 1 + random.below(4); i > 0 && data.length > 0; i--) data[random.below(data.length)] = random.below(256);
  return chunks.map((chunk, i) => (i === at ? { ...chunk, data } : chunk));
};

const otherType: Change = (chunks, random) => {
  const type = random.pick([
    'IDAT',
    'PLTE',
    'tRNS',
    'acTL',
    'fcTL',
    'fdAT',
    'gAMA',
    'cHRM',
    'sRGB',
    'pHYs',
    'IEND',
    'IHDR',
    'aaAa',
  ]);
  const at = random.below(chunks.length);
  return chunks.map((chunk, i) => (i === at ? { ...chunk, type } : chunk));
};

const cut: Change = (chunks, random) => {
  const at = random.below(chunks.length);
  return chunks.map((chunk, i) =>
    i === at ? { ...chunk, data: chunk.data.subarray(0, random.below(chunk.data.length + 1)) } : chunk,
  );
};
