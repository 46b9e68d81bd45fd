import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readLabels, Score } from '../../../bench/lib/score.js';

const folder = await mkdtemp(path.join(os.tmpdir(), 'ocrhub-score-'));
afterAll(() => rm(folder, { recursive: true }));

function scoreOf(texts: readonly string[], labels: readonly string[]): { wordF1: number; lineRecall: number } {
  const score = new Score();
  score.add(texts, labels);
  return { wordF1: score.wordF1, lineRecall: score.lineRecall };
}

describe('Score', () => {
  it('is 1 for the same words and lines in any order and case', () => {
    expect(scoreOf(['total 5.00', 'Cash'], ['CASH', 'TOTAL 5.00'])).toEqual({ wordF1: 1, lineRecall: 1 });
  });

  it('is 0 when nothing was read', () => {
    expect(scoreOf([], ['CASH'])).toEqual({ wordF1: 0, lineRecall: 0 });
  });

  it('counts a line with other spaces as read, but not its words', () => {
    expect(scoreOf(['TOTAL5.00'], ['TOTAL 5.00'])).toEqual({ wordF1: 0, lineRecall: 1 });
  });

  it('counts the words of a line that was split in two, but not the line', () => {
    expect(scoreOf(['TOTAL', '5.00'], ['TOTAL 5.00'])).toEqual({ wordF1: 1, lineRecall: 0 });
  });

  it('counts each word and each line once', () => {
    // One of three labelled lines is found; 1 word in common, 1 read, 3 labelled: 2 / 4.
    expect(scoreOf(['5.00'], ['5.00', '5.00', '5.00'])).toEqual({ wordF1: 0.5, lineRecall: 1 / 3 });
  });

  it('lowers word F1, not line recall, for words without a label', () => {
    expect(scoreOf(['CASH', 'noise', 'more'], ['CASH'])).toEqual({ wordF1: 0.5, lineRecall: 1 });
  });

  it('sums counts over pictures instead of averaging their scores', () => {
    const score = new Score();
    score.add(['A'], ['A']);
    score.add(['X', 'Y', 'Z'], ['B', 'C', 'D']);
    expect(score.wordF1).toBe(2 / 8);
    expect(score.lineRecall).toBe(1 / 4);
  });
});

it('readLabels keeps the commas of a text and skips empty lines', async () => {
  const file = path.join(folder, 'labels.csv');
  await writeFile(file, '72,25,326,25,326,64,72,64,NO.53 55,57 & 59, JALAN\r\n\r\n1,1,2,1,2,2,1,2,CASH\n');
  expect(readLabels(file)).toEqual(['NO.53 55,57 & 59, JALAN', 'CASH']);
});
