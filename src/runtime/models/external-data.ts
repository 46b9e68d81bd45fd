import path from 'node:path';
import { OcrHubError } from '../errors/error.js';
import { readRegularBytes } from '../files/read-regular.js';

/**
 * Returns the files in which an ONNX model keeps its weights, relative to the model's folder and sorted. Empty for a model in one
 * file.
 *
 * @throws OcrHubError `model_mismatch` for a place outside the model's folder, and for a file that is no ONNX model
 */
export async function externalDataOf(model: string): Promise<string[]> {
  const refuse = (problem: string): OcrHubError => new OcrHubError('model_mismatch', { path: model, problem });
  const places = new Set<string>();
  try {
    collect(await readRegularBytes(model), modelMessage, places);
  } catch (error) {
    if (error instanceof RangeError) throw refuse('it is no ONNX model, or a part is missing');
    throw error;
  }
  for (const place of places) {
    if (path.isAbsolute(place) || place.includes('\0') || path.normalize(place).split(path.sep)[0] === '..') {
      throw refuse(`its weights lie outside its folder: ${JSON.stringify(place)}`);
    }
  }
  return [...places].map((place) => path.normalize(place)).sort();
}

/**
 * Checks that a file is an ONNX model by itself: a whole message with a graph, the version of its operators, and all its weights.
 *
 * @throws OcrHubError `model_mismatch`
 */
export async function requireWholeOnnx(model: string): Promise<void> {
  const refuse = (problem: string): OcrHubError => new OcrHubError('model_mismatch', { path: model, problem });
  const [elsewhere] = await externalDataOf(model);
  if (elsewhere !== undefined)
    throw refuse(`it keeps its weights in another file, ${JSON.stringify(elsewhere)}; ocrhub convert takes them along`);
  const fields = fieldsOf(await readRegularBytes(model));
  const has = (field: number): boolean => fields.some(({ number, body }) => number === field && body.length > 0);
  if (!has(graphField)) throw refuse('it is no ONNX model: it has no graph');
  if (!has(opsetField)) throw refuse('it is no ONNX model: it names no version of its operators');
}

/** ModelProto.graph and ModelProto.opset_import. */
const graphField = 7;
const opsetField = 8;

/** The fields of a message of onnx.proto that lead to tensors, by number. */
interface Message {
  readonly [field: number]: Message | undefined;
  /** Whether it is TensorProto.external_data, a pair of texts. */
  readonly isEntry?: true;
}

const entry: Message = { isEntry: true };
const tensor: Message = { 13: entry };
const sparseTensor: Message = { 1: tensor, 2: tensor };
const graph: Record<number, Message> = { 5: tensor, 15: sparseTensor };
// The attribute of a node may hold graphs, as that of If and Loop does.
const attribute: Message = { 5: tensor, 6: graph, 10: tensor, 11: graph, 22: sparseTensor, 23: sparseTensor };
const node: Message = { 5: attribute };
graph[1] = node;
const modelMessage: Message = { 7: graph, 25: { 7: node } };

/** Bodies deeper than this are no graphs that an engine loads. */
const maxDepth = 64;

function collect(bytes: Buffer, message: Message, places: Set<string>, depth = 0): void {
  if (depth > maxDepth) throw new RangeError('too deep');
  if (message.isEntry === true) {
    const texts = new Map(fieldsOf(bytes).map(({ number, body }) => [number, body.toString('utf8')]));
    const place = texts.get(2);
    if (texts.get(1) === 'location' && place !== undefined) places.add(place);
    return;
  }
  for (const { number, body } of fieldsOf(bytes)) {
    const inner = message[number];
    if (inner !== undefined) collect(body, inner, places, depth + 1);
  }
}

interface Field {
  readonly number: number;

  readonly body: Buffer;
}

/** The fields of a message of Protocol Buffers. Throws a RangeError if it does not end where it should. */
function fieldsOf(bytes: Buffer): Field[] {
  const fields: Field[] = [];
  let at = 0;
  const readVarint = (): number => {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = bytes.readUInt8(at++);
      value += (byte & 127) * factor;
      if (byte < 128) return value;
      if (factor > 2 ** 63) throw new RangeError('a number without end');
    }
  };
  const skip = (length: number): Buffer => {
    if (length > bytes.length - at) throw new RangeError('a field without end');
    at += length;
    return bytes.subarray(at - length, at);
  };
  while (at < bytes.length) {
    const tag = readVarint();
    const number = Math.floor(tag / 8);
    switch (tag % 8) {
      case 0:
        readVarint();
        break;
      case 1:
        skip(8);
        break;
      case 2:
        fields.push({ number, body: skip(readVarint()) });
        break;
      case 5:
        skip(4);
        break;
      default:
        throw new RangeError('an unknown type of field');
    }
  }
  return fields;
}
