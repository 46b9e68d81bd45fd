import type { Request } from 'express';
import { OcrHubError } from '../../../errors/error.js';
import { check } from '../../../values/check.js';
import { parseJsonObject } from '../../body/json-object.js';
import type { ParsedRequest } from '../../protocol.js';
import { predictOnlyFields, predictOnlyProblem } from '../lines/predict-only.js';
import { splitBody } from './binary-body.js';
import { takeByteLists, type ListedJson } from './byte-lists.js';
import { inferSchema, requestForm, type InferJson } from './infer-schema.js';
import { outputNames, wrappedOutputName, type WantedOutput } from './outputs.js';
import { filesOf } from './pictures.js';
import { elementsOf, type InputTensor } from './tensors.js';

/** A request, and how its answer is written. */
export interface InferRequest extends ParsedRequest {
  /** The name of the model in the address. */
  readonly model: string;
  readonly id: string | undefined;
  /** Undefined: all outputs. */
  readonly outputs: readonly WantedOutput[] | undefined;
  /** Whether outputs are binary of which the request does not say it. */
  readonly isBinary: boolean;
  /** The body of the request that is wrapped in the input `input`. */
  readonly wrapped?: Uint8Array;
}

/**
 * Reads a request to a model.
 *
 * @throws OcrHubError `request_malformed`, `request_not_object`, `key_unknown`, `value_invalid`, `image_not_base64`,
 *   `images_too_many`
 */
export function parseInfer(body: Uint8Array, request: Request): InferRequest {
  const subject = `Request to ${request.path}`;
  const { json, binary } = splitBody(body, request.get('inference-header-content-length'));
  const { json: short, lists } = takeByteLists(json);
  const given = check(inferSchema, parseJsonObject(short, requestForm), subject, { noun: 'field' });
  const tensors = tensorsOf(given, { binary, lists }, subject);
  checkModel(given, request, subject);
  const { binary_data_output: isBinary = false, ...fields } = given.parameters ?? {};
  const head = { model: String(request.params['model']), id: given.id ?? undefined, isBinary };
  const wrapped = tensors.find(({ name }) => name === 'input');
  if (wrapped !== undefined) {
    refuseOthers(tensors, ['input'], subject);
    refuseKeys(fields, 'a request of PaddleX has its fields in the text', subject);
    const outputs = wantedOutputs(given, [wrappedOutputName], subject);
    return { ...head, outputs, files: [], fields: {}, wrapped: onlyElement(wrapped, subject) };
  }
  refuseOthers(tensors, ['image', 'lang_type'], subject);
  const image = tensors.find(({ name }) => name === 'image');
  if (image === undefined) throw refusal(subject, 'inputs', undefined, 'expected a tensor named image');
  const predictOnly = Object.entries(fields).filter(([name]) => predictOnlyFields.includes(name));
  refuseKeys(Object.fromEntries(predictOnly), predictOnlyProblem, subject);
  return { ...head, outputs: wantedOutputs(given, outputNames, subject), files: filesOf(image, subject), fields };
}

function checkModel({ model_name, model_version }: InferJson, { params }: Request, subject: string): void {
  const { model, version } = params;
  for (const [key, value, expected] of [
    ['model_name', model_name, model],
    ['model_version', model_version, version],
  ] as const) {
    if (value !== undefined && value !== null && value !== '' && value !== expected) {
      throw refusal(subject, key, value, `expected ${String(expected ?? 'none')}, as in the address`);
    }
  }
}

/** The tensors with their binary data, which follows the JSON in their order. */
function tensorsOf({ inputs }: InferJson, { binary, lists }: Data, subject: string): InputTensor[] {
  let start = 0;
  const tensors = inputs.map((input, i) => {
    const place = `inputs.${i}`;
    const size = input.parameters?.binary_data_size;
    if (size === undefined) {
      if (input.data === undefined)
        throw refusal(subject, `${place}.data`, undefined, 'expected the data of the tensor');
      const bytes = typeof input.data === 'string' ? lists.get(input.data) : undefined;
      const isText = bytes !== undefined && input.datatype === 'BYTES';
      return isText ? { ...input, place, data: [bytes[0]], bytes: undefined } : { ...input, place, bytes };
    }
    if (input.data !== undefined) {
      throw refusal(subject, `${place}.parameters.binary_data_size`, size, 'the tensor has data in JSON too');
    }
    const bytes = binary.subarray(start, start + size);
    if (bytes.length < size) {
      throw refusal(subject, `${place}.parameters.binary_data_size`, size, `only ${bytes.length} bytes are left`);
    }
    start += size;
    return { ...input, place, bytes };
  });
  if (start < binary.length) {
    const problem = `${binary.length - start} bytes of binary data belong to no tensor`;
    throw new OcrHubError('request_malformed', { problem, expected: requestForm });
  }
  return tensors;
}

/** The data of tensors outside the parsed JSON. */
interface Data extends Pick<ListedJson, 'lists'> {
  readonly binary: Uint8Array;
}

function onlyElement(tensor: InputTensor, subject: string): Uint8Array {
  const elements = tensor.datatype === 'BYTES' ? elementsOf(tensor, subject) : [];
  const [element] = elements;
  if (element === undefined || elements.length > 1) {
    throw refusal(subject, `${tensor.place}.shape`, tensor.shape, 'expected BYTES with one request');
  }
  return element;
}

function wantedOutputs({ outputs }: InferJson, names: readonly string[], subject: string): WantedOutput[] | undefined {
  return outputs?.map(({ name, parameters }, i) => {
    if (!names.includes(name)) {
      throw refusal(subject, `outputs.${i}.name`, name, `expected one of ${names.join(', ')}`);
    }
    // Named a thousand times, an output would be a thousand times in the answer.
    if (outputs.findIndex((output) => output.name === name) < i) {
      throw refusal(subject, `outputs.${i}.name`, name, 'another output has this name');
    }
    return { name, isBinary: parameters?.binary_data };
  });
}

function refuseOthers(tensors: readonly InputTensor[], names: readonly string[], subject: string): void {
  for (const [i, { name, place }] of tensors.entries()) {
    if (!names.includes(name)) throw refusal(subject, `${place}.name`, name, `expected ${names[0]}`);
    if (tensors.findIndex((tensor) => tensor.name === name) < i) {
      throw refusal(subject, `${place}.name`, name, 'another tensor has this name');
    }
  }
}

function refuseKeys(fields: Readonly<Record<string, unknown>>, problem: string, subject: string): void {
  const refused = Object.entries(fields).find(([, value]) => value !== undefined);
  if (refused !== undefined) throw refusal(subject, `parameters.${refused[0]}`, refused[1], problem);
}

function refusal(subject: string, key: string, value: unknown, problem: string): OcrHubError {
  return new OcrHubError('value_invalid', { subject, key, value, problem });
}
