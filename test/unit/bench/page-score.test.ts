import { describe, expect, it } from 'vitest';
import { scorePage, scoreSet } from '../../../bench/accuracy/page-score.js';
import type { Label } from '../../../bench/lib/labelled-picture.js';

const square = (x: number, y: number) => [
  [x, y] as const,
  [x + 10, y] as const,
  [x + 10, y + 10] as const,
  [x, y + 10] as const,
];

describe('scorePage', () => {
  it('counts words, characters and lines as multisets', () => {
    const labels: Label[] = [{ text: 'green tea' }, { text: 'tea' }, { text: 'ＡＢ' }];
    const score = scorePage({ texts: ['Green  Tea', 'ab', 'ab'], boxes: [] }, labels);
    expect(score.words).toEqual({ both: 3, read: 4, labelled: 4 });
    expect(score.characters).toEqual({ both: 11, read: 12, labelled: 13 });
    expect(score.lines).toEqual({ both: 2, read: 3, labelled: 3 });
  });

  it('compares all text in the order that was read', () => {
    const labels: Label[] = [{ text: 'one' }, { text: 'two' }];
    expect(scorePage({ texts: ['one', 'two'], boxes: [] }, labels).similarity).toBe(1);
    expect(scorePage({ texts: ['two', 'one'], boxes: [] }, labels).similarity).toBe(0);
    expect(scorePage({ texts: ['two'], boxes: [] }, labels).similarity).toBe(0.5);
    expect(scorePage({ texts: [], boxes: [] }, labels).similarity).toBe(0);
  });

  it('leaves out what lies in a label that does not count', () => {
    const labels: Label[] = [
      { text: 'kept', poly: square(0, 0) },
      { text: '', ignore: true, poly: square(50, 50) },
    ];
    const score = scorePage({ texts: ['kept', 'noise'], boxes: [square(0, 0), square(52, 51)] }, labels);
    expect(score.words).toEqual({ both: 1, read: 1, labelled: 1 });
  });
});

describe('scoreSet', () => {
  it('sums the counts of all pictures, and takes the mean of 1-NED', () => {
    const labels: Label[] = [{ text: 'a b' }];
    const pages = [scorePage({ texts: ['a b'], boxes: [] }, labels), scorePage({ texts: ['a'], boxes: [] }, labels)];
    const score = scoreSet(pages);
    expect(score.wordF1).toBeCloseTo((2 * 3) / (3 + 4));
    expect(score.lineRecall).toBe(0.5);
    expect(score.similarity).toBe(0.75);
  });
});
