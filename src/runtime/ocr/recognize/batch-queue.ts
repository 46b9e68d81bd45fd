import type { Image } from '../../image/image.js';
import type { LineReader, ReadLine } from './line-reader.js';

/** Lines that several threads read: each takes the next batch when it has done one. */
export interface SharedLines {
  readonly lines: readonly Image[];
  /** Indices of the lines that are read in one run. */
  readonly batches: readonly (readonly number[])[];
  /** Whether the places of the letters are asked for. */
  readonly withLetters: boolean;
  /** How many batches have been taken; one number that all threads see. */
  readonly taken: Int32Array;
}

export function shareOut(asked: Pick<SharedLines, 'lines' | 'batches' | 'withLetters'>): SharedLines {
  return { ...asked, taken: new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)) };
}

/** Reads batches until none is left; answers the texts by the index of their line. */
export async function readAll(
  reader: LineReader,
  { lines, batches, withLetters, taken }: SharedLines,
): Promise<[line: number, text: ReadLine][]> {
  const read: [number, ReadLine][] = [];
  try {
    for (;;) {
      const batch = batches[Atomics.add(taken, 0, 1)];
      if (batch === undefined) return read;
      const texts = await reader.read(
        batch.flatMap((line) => lines[line] ?? []),
        withLetters,
      );
      texts.forEach((text, i) => read.push([batch[i] ?? 0, text]));
    }
  } catch (error) {
    // Nobody needs the rest any more.
    Atomics.store(taken, 0, batches.length);
    throw error;
  }
}

/** The same lines with their pixels, copied once, where all threads see them. */
export function inSharedMemory(shared: SharedLines): SharedLines {
  const { lines } = shared;
  const bytes = lines.reduce((sum, { data }) => sum + data.length, 0);
  const memory = new SharedArrayBuffer(bytes);
  let offset = 0;
  const moved = lines.map(({ width, height, data }) => {
    const pixels = new Uint8Array(memory, offset, data.length);
    pixels.set(data);
    offset += data.length;
    return { width, height, data: pixels };
  });
  return { ...shared, lines: moved };
}
