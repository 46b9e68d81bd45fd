import { decodeImage as decode, type DecodeOptions } from '../image/decode.js';
import type { Image } from '../image/image.js';
import { measure } from '../trace/stage-times.js';

/** `decodeImage` of the image folder, counted as the stage "decode". */
export function decodeImage(bytes: Uint8Array, options?: DecodeOptions): Promise<Image> {
  return measure('decode', () => decode(bytes, options));
}
