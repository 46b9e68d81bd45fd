/** 16-bit samples of which only the lower bits are used, as by a camera with 10 bits: keeps the upper 8 of these. */
export function lowBitsToBytes(samples: Uint16Array): Uint8Array {
  const max = samples.reduce((a, b) => Math.max(a, b), 0);
  const shift = Math.max(0, 32 - Math.clz32(max) - 8);
  return Uint8Array.from(samples, (value) => value >> shift);
}

/**
 * Samples of a floating-point or signed type. Values from 0 to 1, to 255, to 65,535 or to 4,294,967,295 keep their place in
 * that range. Others, and those that fill less than a sixteenth of it, are stretched from the lowest to the highest.
 * What is no number becomes black.
 */
export function toBytes(samples: Float32Array): Uint8Array {
  const [min, max] = rangeOf(samples);
  const white = ranges.find((range) => max <= range);
  const isUsual = white !== undefined && min >= 0 && max >= white / 16;
  const [black, scale] = isUsual ? [0, 255 / white] : [min, max > min ? 255 / (max - min) : 0];
  const bytes = new Uint8ClampedArray(samples.length);
  samples.forEach((value, i) => (bytes[i] = (value - black) * scale));
  return new Uint8Array(bytes.buffer);
}

/** The largest unsigned 32-bit integer is rounded up in a float. */
const ranges = [1, 255, 65_535, 2 ** 32];

function rangeOf(samples: Float32Array): [min: number, max: number] {
  let [min, max] = [Infinity, -Infinity];
  for (const value of samples) {
    if (!Number.isFinite(value)) continue;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return [min, max];
}
