import type { TextWord } from '../../document/page.js';
import type { Tensor } from '../../inference/session.js';
import { float32Mean } from './float32-mean.js';

export interface RecognizedText {
  readonly text: string;
  /** Mean probability of the characters that are the best of their step, float32; 0 when there is none. */
  readonly confidence: number;
  /** From left to right, with their places in the line's picture; where `return_word_box` asks for them. */
  readonly words?: readonly TextWord[];
}

/** What a network reads in one line. */
export interface CtcText {
  readonly text: string;
  readonly confidence: number;
  /** Where the caller asked for them. */
  readonly letters?: readonly CtcLetter[];
}

/** One letter, or a space. */
export interface CtcLetter {
  readonly text: string;
  /** Probability, float32. */
  readonly confidence: number;
  /** The middle of the letter's steps, counted from the line's first step: 2 is the middle of the third step. */
  readonly step: number;
}

/** The best class of each step and its probability: [lines, steps] each. */
export interface Winners {
  readonly classes: Float32Array;
  readonly probabilities: Float32Array;
  /** The probability of the last class, which is the space, at each step; where the network tells it. */
  readonly spaces?: Float32Array;
  /** The sum of the first step's values, 1 for probabilities; where the network tells them all. */
  readonly sum?: number;
  readonly lines: number;
  readonly steps: number;
}

export interface CtcOptions {
  /** The text of each class; class 0 is the blank. */
  readonly characters: readonly string[];
  /** Probability from which a space stands between two letters though it is the best class of no step; 1: never. */
  readonly spaceFrom: number;
  /** Whether the answer has `letters`. Default: false. */
  readonly withLetters?: boolean;
}

/**
 * Reads the best classes of a CTC network: repetitions and blanks are dropped (CTCLabelDecode of PaddleOCR,
 * rec_postprocess.py). In small print a space often loses to the blank at each of its steps; `spaceFrom` has it all the
 * same.
 */
export function decodeCtc(winners: Winners, { characters, spaceFrom, withLetters = false }: CtcOptions): CtcText[] {
  const { classes, probabilities, lines, steps } = winners;
  const spaces = characters.at(-1) === ' ' && spaceFrom < 1 ? winners.spaces : undefined;
  return Array.from({ length: lines }, (_, line) => {
    const kept: number[] = [];
    const letters: CtcLetter[] = [];
    let text = '';
    let previous = blank;
    let probabilityOfNoSpace = 1;
    for (let at = line * steps; at < (line + 1) * steps; at++) {
      const winner = classes[at] ?? blank;
      if (winner === blank) probabilityOfNoSpace *= 1 - (spaces?.[at] ?? 0);
      else {
        if (winner !== previous) {
          const character = characters[winner] ?? '';
          const isSpaced = 1 - probabilityOfNoSpace >= spaceFrom && maySeparate(text, character);
          if (isSpaced) text += ' ';
          text += character;
          kept.push(probabilities[at] ?? 0);
          if (withLetters) {
            const step = middleOfRun(classes, at, (line + 1) * steps) - line * steps;
            const last = letters.at(-1);
            if (isSpaced && last !== undefined)
              letters.push({ text: ' ', confidence: 1 - probabilityOfNoSpace, step: (last.step + step) / 2 });
            letters.push({ text: character, confidence: probabilities[at] ?? 0, step });
          }
        }
        probabilityOfNoSpace = 1;
      }
      previous = winner;
    }
    const confidence = float32Mean(kept);
    return { text, confidence, ...(withLetters ? { letters } : {}) };
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
  // If probabilities sum to 1, a value above 0.5 is the largest. Most steps are decided by the first value, the blank's,
  // without reading all 18,710. A network without a final softmax gets the full search.
  const firstStep = data.subarray(0, classes);
  const sum = firstStep.reduce((total, value) => total + value, 0);
  const isProbability = Math.abs(sum - 1) < 0.01 && firstStep.every((value) => value >= 0);
  const certain = isProbability ? 0.5 : Infinity;
  for (let step = 0; step < lines * steps; step++) {
    const best = indexOfLargest(data, step * classes, (step + 1) * classes, certain);
    winners.classes[step] = best - step * classes;
    winners.probabilities[step] = data[best] ?? 0;
    spaces[step] = data[(step + 1) * classes - 1] ?? 0;
  }
  return { ...winners, ...(isProbability ? { spaces } : {}), sum, lines, steps };
}

const blank = 0;

/** Whether a space may separate the text from the next character: there is text, and neither side is a space. */
function maySeparate(text: string, character: string): boolean {
  return text !== '' && !text.endsWith(' ') && character !== ' ';
}

/** The middle of the steps from `start` on that have the same class. */
function middleOfRun(classes: Float32Array, start: number, end: number): number {
  let last = start;
  while (last + 1 < end && classes[last + 1] === classes[start]) last++;
  return (start + last) / 2;
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
