import { OcrHubError } from '../../../errors/error.js';
import type { InputJson } from './infer-schema.js';

export interface InputTensor extends InputJson {
  /** In the request, for messages: `inputs.0`. */
  readonly place: string;
  /** Binary data, or a long list; undefined if the data is in the JSON. */
  readonly bytes: Uint8Array | undefined;
}

/**
 * The elements of a tensor of BYTES. Binary ones have their length before them, in 4 bytes.
 *
 * @throws OcrHubError `value_invalid`
 */
export function elementsOf(tensor: InputTensor, subject: string): Uint8Array[] {
  const { bytes, place, shape } = tensor;
  const elements = bytes === undefined ? textsOf(tensor, subject) : binaryElements(bytes, place, subject);
  checkCount(elements.length, tensor, subject);
  if (elements.length === 0) throw invalid(subject, `${place}.shape`, shape, 'expected at least one element');
  return elements;
}

/**
 * The bytes of a tensor of UINT8.
 *
 * @throws OcrHubError `value_invalid`
 */
export function numbersOf(tensor: InputTensor, subject: string): Uint8Array {
  const { bytes, place } = tensor;
  const numbers = bytes ?? Uint8Array.from(flatList(tensor, subject, (value): value is number => isByte(value)));
  checkCount(numbers.length, tensor, subject);
  if (numbers.length === 0) throw invalid(subject, `${place}.shape`, tensor.shape, 'the picture has no pixels');
  return numbers;
}

function textsOf(tensor: InputTensor, subject: string): Uint8Array[] {
  return flatList(tensor, subject, (value): value is string => typeof value === 'string').map((text) =>
    Buffer.from(text),
  );
}

/** Data may be nested as the shape says, or flat. */
function flatList<T>(
  { data, place, datatype }: InputTensor,
  subject: string,
  isValue: (value: unknown) => value is T,
): T[] {
  const values: unknown[] = Array.isArray(data) ? data.flat(maxSizes) : [data];
  const wrong = values.findIndex((value) => !isValue(value));
  if (wrong !== -1 || !Array.isArray(data)) {
    const expected = datatype === 'BYTES' ? 'a list of texts' : 'a list of numbers from 0 to 255';
    throw invalid(subject, `${place}.data`, values[Math.max(0, wrong)], `expected ${expected}`);
  }
  return values as T[];
}

const maxSizes = 8;

function isByte(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 255;
}

function binaryElements(bytes: Uint8Array, place: string, subject: string): Uint8Array[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const elements: Uint8Array[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = at + 4 <= bytes.length ? view.getUint32(at, true) : Infinity;
    const end = at + 4 + length;
    if (end > bytes.length) {
      throw invalid(
        subject,
        `${place}.parameters.binary_data_size`,
        bytes.length,
        `element ${elements.length} is cut off`,
      );
    }
    if (elements.length === maxElements) {
      throw invalid(subject, `${place}.shape`, [], `expected at most ${maxElements} elements`);
    }
    elements.push(bytes.subarray(at + 4, end));
    at = end;
  }
  return elements;
}

/** Elements of one tensor. Without a limit, a body could hold millions of empty ones. */
export const maxElements = 1000;

function checkCount(count: number, { shape, place }: InputTensor, subject: string): void {
  const expected = shape.reduce((product, size) => product * size, 1);
  if (count !== expected) {
    throw invalid(subject, `${place}.shape`, shape, `the data has ${count} elements, and the shape ${expected}`);
  }
}

function invalid(subject: string, key: string, value: unknown, problem: string): OcrHubError {
  return new OcrHubError('value_invalid', { subject, key, value, problem });
}
