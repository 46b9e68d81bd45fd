import { editDistance } from '../lib/edit-distance.js';
import { isIgnored, type Label } from '../lib/labelled-picture.js';
import { comparable, plainText } from '../lib/plain-text.js';
import { mean, sum } from '../lib/statistics.js';
import type { Region } from '../systems/system-process.js';

/** What of a picture was read, in numbers that can be summed over pictures. */
export interface PageScore {
  readonly words: Found;
  readonly characters: Found;
  readonly lines: Found;
  /** 1-NED: 1 minus the edit distance of all text in the order given, divided by the longer length. */
  readonly similarity: number;
}

/** Sizes of two multisets, and of what is in both. */
interface Found {
  readonly both: number;
  readonly read: number;
  readonly labelled: number;
}

export interface ReadLines {
  readonly texts: readonly string[];
  /** As many as texts, or none if the system does not tell. */
  readonly boxes: readonly Region[];
}

/** Compares what was read with the labels. What lies in a label that does not count is left out. */
export function scorePage({ texts, boxes }: ReadLines, labels: readonly Label[]): PageScore {
  const read = texts.filter((_, i) => !isIgnored(boxes[i]?.map(([x, y]) => [x, y] as const) ?? [], labels));
  const expected = labels.filter(({ ignore }) => ignore !== true).map(({ text }) => text);
  const [all, right] = [read.map(plainText).join(''), expected.map(plainText).join('')];
  return {
    words: found(read.flatMap(wordsOf), expected.flatMap(wordsOf)),
    characters: found(Array.from(all), Array.from(right)),
    lines: found(read.map(plainText), expected.map(plainText)),
    similarity: 1 - editDistance(all, right) / Math.max(1, all.length, right.length),
  };
}

export interface SetScore {
  readonly pictures: number;
  readonly wordF1: number;
  readonly characterF1: number;
  readonly lineRecall: number;
  readonly similarity: number;
}

/** The score of a set: counts are summed, 1-NED is the mean of the pictures. NaN without a picture. */
export function scoreSet(pages: readonly PageScore[]): SetScore {
  return {
    pictures: pages.length,
    wordF1: f1(pages.map(({ words }) => words)),
    characterF1: f1(pages.map(({ characters }) => characters)),
    lineRecall: sum(pages.map(({ lines }) => lines.both)) / sum(pages.map(({ lines }) => lines.labelled)),
    similarity: mean(pages.map(({ similarity }) => similarity)),
  };
}

function f1(counts: readonly Found[]): number {
  return (2 * sum(counts.map(({ both }) => both))) / sum(counts.map(({ read, labelled }) => read + labelled));
}

function found(read: readonly string[], labelled: readonly string[]): Found {
  const counts = new Map<string, number>();
  for (const item of labelled) counts.set(item, (counts.get(item) ?? 0) + 1);
  let both = 0;
  for (const item of read) {
    const left = counts.get(item) ?? 0;
    if (left > 0) both += 1;
    counts.set(item, left - 1);
  }
  return { both, read: read.length, labelled: labelled.length };
}

function wordsOf(text: string): string[] {
  return comparable(text).split(/\s+/).filter(Boolean);
}
