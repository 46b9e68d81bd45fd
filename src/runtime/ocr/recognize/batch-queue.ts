import type { Image } from '../../image/image.js';
import type { LineReader, ReadLine } from './line-reader.js';

/** Batches of lines that several threads read: each thread takes the next batch when it has finished one. */
export interface BatchQueue {
  readonly lines: readonly Image[];
  /** Indices of the lines that are read in one run. */
  readonly batches: readonly (readonly number[])[];
  /** Whether the caller wants the places of the letters. */
  readonly withLetters: boolean;
  /** Number of batches taken so far, in memory that all threads share. */
  readonly taken: Int32Array;
}

export function createBatchQueue(batches: Pick<BatchQueue, 'lines' | 'batches' | 'withLetters'>): BatchQueue {
  return { ...batches, taken: new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)) };
}

/** Reads batches until the queue is empty. Answers the texts with the indices of their lines. */
export async function drain(
  reader: LineReader,
  { lines, batches, withLetters, taken }: BatchQueue,
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
    // The call fails as a whole, so the other threads need not read the rest.
    Atomics.store(taken, 0, batches.length);
    throw error;
  }
}

/** The same queue with the pixels of its lines copied once, into memory that all threads share. */
export function inSharedMemory(queue: BatchQueue): BatchQueue {
  const bytes = queue.lines.reduce((sum, { data }) => sum + data.length, 0);
  const memory = new SharedArrayBuffer(bytes);
  let offset = 0;
  const lines = queue.lines.map(({ width, height, data }) => {
    const pixels = new Uint8Array(memory, offset, data.length);
    pixels.set(data);
    offset += data.length;
    return { width, height, data: pixels };
  });
  return { ...queue, lines };
}
