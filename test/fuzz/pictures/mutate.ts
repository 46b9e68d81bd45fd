import type { Random } from '../random.js';
import { byteMutators, splice, type Mutator } from './bytes.js';
import { mutateBmp, mutateGif, mutatePdf, mutateTiff } from './fields.js';
import { mutatePng } from './png.js';
import type { Seed } from './seeds.js';
import { mutateJpeg, mutateWebp } from './segments.js';

/** Those that know a format, by the end of a file's name. */
const formatMutators: Readonly<Record<string, Mutator>> = {
  png: mutatePng,
  jpg: mutateJpeg,
  webp: mutateWebp,
  tiff: mutateTiff,
  gif: mutateGif,
  bmp: mutateBmp,
  pdf: mutatePdf,
};

export interface DamagedPicture {
  /** The file that it was made of. */
  readonly seed: string;
  readonly bytes: Buffer;
}

/** Damages one of the seeds in one to three ways. */
export function damagedPicture(seeds: readonly Seed[], random: Random): DamagedPicture {
  const { name, bytes } = random.pick(seeds);
  const own = formatMutators[name.split('.').pop() ?? ''];
  let damaged = bytes;
  for (let steps = 1 + random.below(3); steps > 0 && damaged.length > 0; steps--) {
    if (random.chance(0.05)) damaged = spliceWith(damaged, random.pick(seeds).bytes, random);
    else if (own !== undefined && random.chance(0.6)) damaged = tryOwn(own, damaged, random);
    else damaged = random.pick(byteMutators)(damaged, random);
  }
  return { seed: name, bytes: damaged };
}

/** A file that was damaged before may have no structure left to damage. */
function tryOwn(own: Mutator, file: Buffer, random: Random): Buffer {
  try {
    return own(file, random);
  } catch (error) {
    if (error instanceof RangeError) return file;
    throw error;
  }
}

/** The head of one file and the rest of another. */
function spliceWith(file: Buffer, other: Buffer, random: Random): Buffer {
  return splice(file, random.below(file.length), file.length, other.subarray(random.below(other.length)));
}
