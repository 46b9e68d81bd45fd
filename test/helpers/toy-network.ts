/** A dimension: a number, or the name of one that is free. */
type Dim = number | string;

/**
 * An ONNX file of one node, ReduceMean over the second dimension: [n, 3, height, width] becomes [n, height, width]. To a
 * recognizer those are steps and classes, with values that are no probabilities.
 */
export function toyNetwork(input: readonly Dim[], output: readonly Dim[]): Buffer {
  const axes = text(1, 'axes').concat(number(8, 1), number(20, 7));
  const keepDims = text(1, 'keepdims').concat(number(3, 0), number(20, 2));
  const node = text(1, 'x').concat(text(2, 'y'), text(4, 'ReduceMean'), message(5, axes), message(5, keepDims));
  const graph = message(1, node).concat(
    text(2, 'toy'),
    message(11, tensor('x', input)),
    message(12, tensor('y', output)),
  );
  const operators = text(1, '').concat(number(2, 13));
  return Buffer.from(number(1, 8).concat(message(7, graph), message(8, operators)));
}

/** An ONNX file of a given size that holds noise beside its graph. No engine runs it. */
export function noisyModel(noise: Uint8Array): Buffer {
  const start = number(1, 8).concat(message(8, text(1, '').concat(number(2, 13))));
  // GraphProto.doc_string
  const documentation = (bytes: Uint8Array): Buffer =>
    Buffer.concat([Buffer.from([...varint(10 * 8 + 2), ...varint(bytes.length)]), bytes]);
  const model = (bytes: Uint8Array): Buffer => {
    const body = documentation(bytes);
    return Buffer.concat([Buffer.from([...start, ...varint(7 * 8 + 2), ...varint(body.length)]), body]);
  };
  const extra = model(noise).length - noise.length;
  return model(noise.subarray(extra));
}

function tensor(name: string, dims: readonly Dim[]): number[] {
  const shape = dims.flatMap((dim) => message(1, typeof dim === 'number' ? number(1, dim) : text(2, dim)));
  const float = number(1, 1).concat(message(2, shape));
  return text(1, name).concat(message(2, message(1, float)));
}

/*
 * A field of a protobuf message: its number with the kind, then the value (protobuf.dev/programming-guides/encoding). The
 * numbers of the fields are those of onnx.proto.
 */

function number(field: number, value: number): number[] {
  return [...varint(field * 8), ...varint(value)];
}

function text(field: number, value: string): number[] {
  return message(field, [...Buffer.from(value)]);
}

function message(field: number, bytes: readonly number[]): number[] {
  return [...varint(field * 8 + 2), ...varint(bytes.length), ...bytes];
}

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))];
}
