import { isKnownFile } from '../../../document/file-format.js';
import { OcrHubError } from '../../../errors/error.js';
import type { RequestFile } from '../../../service/contract.js';
import { decodeBase64 } from '../../body/base64.js';
import { elementsOf, maxElements, numbersOf, type InputTensor } from './tensors.js';
import { toTiff } from './tiff.js';

/**
 * The files of the tensor `image`: encoded files as BYTES, in JSON as base64, or as UINT8 with one size; or pixels as UINT8 of
 * the shape [height, width, channels] or [pictures, height, width, channels], in the order red, green, blue, alpha.
 *
 * @throws OcrHubError `value_invalid`, `image_not_base64`, `images_too_many`
 */
export function filesOf(tensor: InputTensor, subject: string): RequestFile[] {
  const files = tensor.datatype === 'BYTES' ? encodedFiles(tensor, subject) : pixelFiles(tensor, subject);
  if (files.length > maxElements) throw new OcrHubError('images_too_many', { count: files.length, limit: maxElements });
  return files.map((bytes) => ({ name: '', bytes }));
}

function encodedFiles(tensor: InputTensor, subject: string): Uint8Array[] {
  return elementsOf(tensor, subject).map((bytes, i) => {
    const isText = tensor.bytes === undefined || isPlainText(bytes);
    return isText ? decodeBase64(Buffer.from(bytes).toString('latin1'), `${tensor.place}.data[${i}]`) : bytes;
  });
}

/**
 * Whether an element of binary data is text, which `decodeBase64` reads or names: some clients send base64 there. Files of text formats,
 * such as SVG, are named by whoever reads the picture.
 */
function isPlainText(bytes: Uint8Array): boolean {
  const start = Buffer.from(bytes.subarray(0, 64)).toString('latin1');
  return !isKnownFile(bytes) && /^[\t-\r -~]+$/.test(start) && !/^\s*([<{]|%!)/.test(start);
}

function pixelFiles(tensor: InputTensor, subject: string): Uint8Array[] {
  const { shape, place } = tensor;
  const numbers = numbersOf(tensor, subject);
  if (shape.length === 1) return [numbers];
  const [count = 0, height = 0, width = 0, channels = 0] = shape.length === 3 ? [1, ...shape] : shape;
  if (![3, 4].includes(shape.length) || ![1, 3, 4].includes(channels)) {
    const problem = 'expected [height, width, channels] or [pictures, height, width, channels] with 1, 3 or 4 channels';
    throw new OcrHubError('value_invalid', { subject, key: `${place}.shape`, value: shape, problem });
  }
  if (count > maxElements) throw new OcrHubError('images_too_many', { count, limit: maxElements });
  const size = height * width * channels;
  return Array.from({ length: count }, (_, i) =>
    toTiff(numbers.subarray(i * size, (i + 1) * size), { width, height, channels }),
  );
}
