import type { Tensor } from '../../inference/session.js';

export interface RecognizedText {
  readonly text: string;
  /** Mean probability of the characters that are the best of their step, float32; 0 when there is none. */
  readonly confidence: number;
}

/** The best class of each step and its probability: [lines, steps] each. */
export interface Winners {
  readonly classes: Float32Array;
  readonly probabilities: Float32Array;
  /** The probability of the last class, which is the space, at each step; where the network tells it. */
  readonly spaces?: Float32Array;
  readonly lines: number;
  readonly steps: number;
}

export interface CtcOptions {
  /** The text of each class; class 0 is the blank. */
  readonly characters: readonly string[];
  /** Probability from which a space stands between two letters though it is the best class of no step; 1: never. */
  readonly spaceFrom: number;
}

/**
 * Reads the best classes of a CTC network: repetitions and blanks are dropped (CTCLabelDecode of PaddleOCR,
 * rec_postprocess.py). In small print a space often loses to the blank at each of its steps; `spaceFrom` has it all the
 * same.
 */
export function decodeCtc(winners: Winners, { characters, spaceFrom }: CtcOptions): RecognizedText[] {
  const { classes, probabilities, lines, steps } = winners;
  const spaces = characters.at(-1) === ' ' && spaceFrom < 1 ? winners.spaces : undefined;
  return Array.from({ length: lines }, (_, line) => {
    const kept: number[] = [];
    let text = '';
    let previous = blank;
    // That none of the blanks since the last letter is a space.
    let unspaced = 1;
    for (let at = line * steps; at < (line + 1) * steps; at++) {
      const winner = classes[at] ?? blank;
      if (winner === blank) unspaced *= 1 - (spaces?.[at] ?? 0);
      else {
        if (winner !== previous) {
          const character = characters[winner] ?? '';
          if (1 - unspaced >= spaceFrom && parts(text, character)) text += ' ';
          text += character;
          kept.push(probabilities[at] ?? 0);
        }
        unspaced = 1;
      }
      previous = winner;
    }
    return { text, confidence: float32Mean(kept) };
  });
}

/**
 * The winners of a network's output: [n, steps, classes] probabilities, or what such a network with ArgMax and
 * ReduceMax at its end answers, [n, steps] classes, [n, steps] probabilities and, where it has a third output,
 * [n, steps] probabilities of the last class.
 */
export function winnersOf([first, second, third]: readonly Tensor[]): Winners {
  const { data = new Float32Array(), dims = [] } = first ?? {};
  const [lines = 0, steps = 0, classes = 0] = dims;
  if (second !== undefined) {
    const spaces = third && { spaces: third.data };
    return { classes: data, probabilities: second.data, ...spaces, lines, steps };
  }
  const winners = { classes: new Float32Array(lines * steps), probabilities: new Float32Array(lines * steps) };
  const spaces = new Float32Array(lines * steps);
  // Of probabilities that add up to 1 none is above one that is above a half: most steps are decided by the first
  // value, the blank's, instead of by all 18,710. A network without softmax at its end gets the full search.
  const isProbability = isDistribution(data.subarray(0, classes));
  const certain = isProbability ? 0.5 : Infinity;
  for (let step = 0; step < lines * steps; step++) {
    const best = indexOfLargest(data, step * classes, (step + 1) * classes, certain);
    winners.classes[step] = best - step * classes;
    winners.probabilities[step] = data[best] ?? 0;
    spaces[step] = data[(step + 1) * classes - 1] ?? 0;
  }
  return { ...winners, ...(isProbability ? { spaces } : {}), lines, steps };
}

const blank = 0;

/** Whether a space may stand between a text and the character behind it: neither is one, and the text has begun. */
function parts(text: string, character: string): boolean {
  return text !== '' && !text.endsWith(' ') && character !== ' ';
}

function isDistribution(values: Float32Array): boolean {
  let sum = 0;
  for (const value of values) {
    if (value < 0) return false;
    sum += value;
  }
  return Math.abs(sum - 1) < 0.01;
}

/** The first index of the largest value, as numpy's argmax; the search ends at a value above `certain`. */
function indexOfLargest(data: Float32Array, from: number, to: number, certain: number): number {
  let best = from;
  let largest = data[from] ?? 0;
  for (let i = from + 1; i < to && largest <= certain; i++) {
    const value = data[i] ?? 0;
    if (value > largest) {
      largest = value;
      best = i;
    }
  }
  return best;
}

/**
 * The mean in float32 with numpy's order of additions (eight running sums from eight values on), because the answer
 * shows all its digits.
 */
export function float32Mean(values: readonly number[]): number {
  if (values.length === 0) return 0;
  return Math.fround(float32Sum(values) / values.length);
}

function float32Sum(values: readonly number[]): number {
  const lanes = 8;
  if (values.length > 128) {
    const half = Math.floor(values.length / 2);
    const middle = half - (half % lanes);
    return Math.fround(float32Sum(values.slice(0, middle)) + float32Sum(values.slice(middle)));
  }
  const whole = values.length - (values.length % lanes);
  const sums = new Float32Array(lanes);
  for (let i = 0; i < whole; i++) sums[i % lanes] = (sums[i % lanes] ?? 0) + (values[i] ?? 0);
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = sums;
  const add = (x: number, y: number): number => Math.fround(x + y);
  const paired = add(add(add(a, b), add(c, d)), add(add(e, f), add(g, h)));
  return values.slice(whole).reduce(add, paired);
}
