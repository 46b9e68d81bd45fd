import { describe, expect, it } from 'vitest';
import type { Tensor } from '../../../../src/runtime/inference/session.js';
import { decodeCtc, winnersOf } from '../../../../src/runtime/ocr/recognize/ctc.js';
import { float32Mean } from '../../../../src/runtime/ocr/recognize/float32-mean.js';

/** One line: the winning class and its probability at each step. */
function line(...steps: [winner: number, probability: number][]) {
  const classes = 4;
  const data = new Float32Array(steps.length * classes);
  steps.forEach(([winner, probability], step) => (data[step * classes + winner] = probability));
  return { data, dims: [1, steps.length, classes] };
}

const characters = ['', 'a', 'b', ' '];

const read = (...outputs: Tensor[]) => decodeCtc(winnersOf(outputs), { characters, spaceFrom: 1 });

describe('decodeCtc', () => {
  it('drops repetitions and blanks, and keeps a letter that is repeated after a blank', () => {
    const [answer] = read(line([1, 0.9], [1, 0.8], [0, 0.9], [1, 0.7], [3, 0.6], [2, 0.5]));
    expect(answer?.text).toBe('aa b');
  });

  it('uses the first step of a repetition for the confidence', () => {
    const [answer] = read(line([1, 0.75], [1, 0.25], [2, 0.5]));
    expect(answer?.confidence).toBe(0.625);
  });

  it('returns no text and confidence 0 if all steps are blank', () => {
    expect(read(line([0, 0.9], [0, 0.9]))).toEqual([{ text: '', confidence: 0 }]);
  });

  it('chooses the first of equal probabilities', () => {
    expect(read({ data: Float32Array.of(0.1, 0.4, 0.4, 0.1), dims: [1, 1, 4] })[0]?.text).toBe('a');
  });

  it('chooses the largest value of a network without softmax', () => {
    const data = Float32Array.of(0, 0.6, 0.2, 0.2, 0.9, 0.6, 7, 3);
    expect(read({ data: data.subarray(4), dims: [1, 1, 4] })[0]?.text).toBe('b');
    expect(read({ data: data.subarray(0, 4), dims: [1, 1, 4] })[0]?.text).toBe('a');
  });

  it('returns the middle step of each letter, only if requested', () => {
    const winners = winnersOf([line([1, 0.75], [1, 0.25], [0, 0.9], [1, 0.5], [3, 0.625], [3, 0.5], [3, 0.5], [2, 1])]);
    const [answer] = decodeCtc(winners, { characters, spaceFrom: 1, withLetters: true });
    expect(answer?.letters).toEqual([
      { text: 'a', confidence: 0.75, step: 0.5 },
      { text: 'a', confidence: 0.5, step: 3 },
      { text: ' ', confidence: 0.625, step: 5 },
      { text: 'b', confidence: 1, step: 7 },
    ]);
    expect(decodeCtc(winners, { characters, spaceFrom: 1 })[0]).not.toHaveProperty('letters');
  });

  it('counts the steps of each line in a batch from 0', () => {
    const data = Float32Array.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0);
    const winners = winnersOf([{ data, dims: [2, 2, 4] }]);
    const read = decodeCtc(winners, { characters, spaceFrom: 1, withLetters: true });
    expect(read.map(({ letters = [] }) => letters.map(({ step }) => step))).toEqual([[1], [0]]);
  });

  it('places a faint space in the middle between its neighbors', () => {
    const data = Float32Array.of(0, 1, 0, 0, 0.6, 0, 0, 0.4, 0, 0, 1, 0);
    const [answer] = decodeCtc(winnersOf([{ data, dims: [1, 3, 4] }]), {
      characters,
      spaceFrom: 0.3,
      withLetters: true,
    });
    expect(answer?.letters?.map(({ text, step }) => [text, step])).toEqual([
      ['a', 0],
      [' ', 1],
      ['b', 2],
    ]);
  });

  it('reads each line of a batch', () => {
    const data = Float32Array.of(0, 1, 0, 0, 0, 0, 1, 0);
    expect(read({ data, dims: [2, 1, 4] }).map(({ text }) => text)).toEqual(['a', 'b']);
  });
});

describe('a faint space, which is the best class of no step,', () => {
  /** The probabilities of blank, a, b and space at each step. */
  const map = (...steps: number[][]): Tensor => ({ data: Float32Array.from(steps.flat()), dims: [1, steps.length, 4] });
  const text = (spaceFrom: number, ...outputs: Tensor[]) =>
    decodeCtc(winnersOf(outputs), { characters, spaceFrom })[0]?.text;
  const a = [0, 1, 0, 0];
  const b = [0, 0, 1, 0];

  it('is read if its probability over all steps between two letters reaches spaceFrom', () => {
    const faint = map(a, [0.9, 0, 0, 0.1], [0.9, 0, 0, 0.1], b);
    // One of the two steps is a space with a probability of 1 - 0.9 * 0.9.
    expect([0.18, 0.2, 1].map((spaceFrom) => text(spaceFrom, faint))).toEqual(['a b', 'ab', 'ab']);
  });

  it('is never read with spaceFrom 1', () => {
    expect([0.99, 1].map((spaceFrom) => text(spaceFrom, map(a, [0.5, 0, 0, 0.5], [1, 0, 0, 1], b)))).toEqual([
      'a b',
      'ab',
    ]);
  });

  it('is read once, and not beside a space that is the best class', () => {
    const faint = [0.6, 0, 0, 0.4];
    expect(text(0.1, map(a, faint, faint, faint, b))).toBe('a b');
    expect(text(0.1, map(a, faint, [0, 0, 0, 1], faint, b))).toBe('a b');
  });

  it('is not read before the first letter or after the last', () => {
    const faint = [0.6, 0, 0, 0.4];
    expect(text(0.1, map(faint, a, faint, b, faint))).toBe('a b');
    expect(text(0.1, map(faint))).toBe('');
  });

  it('does not count in the confidence', () => {
    const outputs = winnersOf([map(a, [0.6, 0, 0, 0.4], [0.25, 0, 0.5, 0.25])]);
    expect(decodeCtc(outputs, { characters, spaceFrom: 0.1 })).toEqual([{ text: 'a b', confidence: 0.75 }]);
  });

  it('is read from the third output of a network that returns the best classes', () => {
    const row = (...values: number[]): Tensor => ({ data: Float32Array.from(values), dims: [1, values.length] });
    const outputs = [row(1, 0, 2), row(0.9, 0.8, 0.7)];
    expect(text(0.1, ...outputs, row(0, 0.2, 0))).toBe('a b');
    expect(text(0.1, ...outputs)).toBe('ab');
  });

  it('is not read from scores without softmax', () => {
    expect(text(0.1, map([0, 5, 0, 0], [7, 0, 0, 3], [0, 0, 5, 0]))).toBe('ab');
  });

  it('is not read if no class is the space', () => {
    const outputs = winnersOf([map(a, [0.6, 0, 0, 0.4], b)]);
    expect(decodeCtc(outputs, { characters: ['', 'a', 'b', 'c'], spaceFrom: 0.1 })[0]?.text).toBe('ab');
  });
});

describe('winnersOf', () => {
  it('accepts classes and probabilities that the network returns itself', () => {
    const classes = { data: Float32Array.of(1, 1, 0, 2), dims: [1, 4] };
    const probabilities = { data: Float32Array.of(0.75, 0.25, 0.9, 0.5), dims: [1, 4] };
    expect(read(classes, probabilities)).toEqual([{ text: 'ab', confidence: 0.625 }]);
  });
});

describe('float32Mean', () => {
  it('rounds to float32 as numpy does', () => {
    expect(float32Mean([0.1, 0.2].map(Math.fround))).toBe(0.15000000596046448);
  });

  it('averages more values than numpy adds in one block', () => {
    expect(float32Mean(Array.from({ length: 300 }, () => 0.5))).toBe(0.5);
  });
});
