import { describe, expect, it } from 'vitest';
import type { Session } from '../../../src/runtime/inference/session.js';
import { requireLines, requireShapes } from '../../../src/runtime/ocr/network-shapes.js';

type Dims = (number | undefined)[];

function network(inputDims: Dims, ...outputDims: Dims[]): Session {
  const run = (): Promise<never> => Promise.reject(new Error('not run here'));
  return {
    file: 'net.onnx',
    inputDims,
    outputs: outputDims.map((dims) => ({ dims, isInteger: false })),
    run,
    close: run,
  };
}

const any = undefined;
const detector = { forms: [[[any, 1, any, any]]], kind: 'a detector' };
const recognizer = {
  forms: [
    [[any, any, any]],
    [
      [any, any],
      [any, any],
    ],
  ],
  kind: 'a recognizer',
};
const mismatch = (problem: string): unknown =>
  expect.objectContaining({ code: 'model_mismatch', message: `Model net.onnx cannot be used: ${problem}` });

describe('requireShapes', () => {
  it('accepts shapes that fit and shapes that the file does not declare', () => {
    expect(() => requireShapes(network([any, 3, any, any], [any, 1, any, any]), detector)).not.toThrow();
    expect(() => requireShapes(network([1, 3, 640, 640], [1, 1, 640, 640]), detector)).not.toThrow();
    expect(() => requireShapes(network([any, any, any, any], []), detector)).not.toThrow();
  });

  it('names an input or output of another shape', () => {
    expect(() => requireShapes(network([any, 1, any, any], []), detector)).toThrow(
      mismatch('its input is ? x 1 x ? x ?, a detector takes ? x 3 x ? x ?'),
    );
    expect(() => requireShapes(network([any, 3, any, any], [any, any, 97]), detector)).toThrow(
      mismatch('its output is ? x ? x 97, that of a detector ? x 1 x ? x ?'),
    );
  });

  it('accepts each of several forms, and lists all of them in its error', () => {
    expect(() => requireShapes(network([any, 3, 48, any], [any, any, 97]), recognizer)).not.toThrow();
    expect(() => requireShapes(network([any, 3, 48, any], [any, any], [any, any]), recognizer)).not.toThrow();
    expect(() => requireShapes(network([any, 3, 48, any], [any, any]), recognizer)).toThrow(
      mismatch('its output is ? x ?, that of a recognizer ? x ? x ?, or ? x ? and ? x ?'),
    );
  });

  it('names a batch size that is fixed to more than 1', () => {
    expect(() => requireShapes(network([6, 3, any, any], []), detector)).toThrow(
      mismatch('its batch is fixed to 6; a detector takes one that is free, or 1'),
    );
  });

  it('names the expected order if the channels come last', () => {
    expect(() => requireShapes(network([any, any, any, 3], []), detector)).not.toThrow();
    expect(() => requireShapes(network([any, 48, 320, 3], []), detector)).toThrow(
      mismatch('its input is ? x 48 x 320 x 3, a detector takes ? x 3 x ? x ?; the channels come first here'),
    );
  });
});

describe('requireLines', () => {
  const lines = {
    batch: { name: 'rec_batch_num', value: 6 },
    shape: { name: 'rec_image_shape', value: { height: 48 } },
  };

  it('accepts sizes that are free or equal to the parameters', () => {
    expect(() => requireLines(network([any, 3, 48, any], []), lines)).not.toThrow();
    expect(() => requireLines(network([any, 3, 48, 320], []), lines)).not.toThrow();
  });

  it('names the parameter to change', () => {
    expect(() => requireLines(network([1, 3, 48, any], []), lines)).toThrow(
      mismatch('it takes one line in a run; set rec_batch_num to 1'),
    );
    expect(() => requireLines(network([any, 3, 32, any], []), lines)).toThrow(
      mismatch('it takes lines of any x 32 pixels; set rec_image_shape to "3, 32, 320"'),
    );
  });
});
