import { describe, expect, it } from 'vitest';
import { mergedLetters, type LevelLetter } from '../../../../src/runtime/ocr/vertical/merged-letters.js';

/** Letters of which each has a cell, with a confidence for all. */
function level(text: string, confidence = 0.99): LevelLetter[] {
  return Array.from(text, (letter, cell) => ({ text: letter, confidence, cell }));
}

function merged(lying: string, other: readonly LevelLetter[], confidence = 1): string | undefined {
  return mergedLetters(Array.from(lying), confidence, other)
    ?.map(({ text }) => text)
    .join('');
}

describe('the text of a column', () => {
  it.each([
    ['the sign of a long vowel', 'コヒを飲んだ', 'コーヒーを飲んだ'],
    ['small kana', 'ちょと待て', 'ちょっと待って'],
    ['commas and full stops', 'それから行た', 'それから、行った。'],
    ['brackets, also at both ends', '好他说好', '「好」他说《好》'],
    ['parentheses', '注意受け', '（注意）受け'],
  ])('gets %s', (_, lying, whole) => {
    expect(merged(lying, level(whole))).toBe(whole);
  });

  it('gets the right mark for one that was mistaken', () => {
    expect(merged('雨声’因为', level('雨声，因为'))).toBe('雨声，因为');
  });

  it('keeps a mark for which the other is unsure', () => {
    expect(merged('第一章', level('第ー章', 0.3))).toBe('第一章');
    expect(
      merged('第一章', [
        ...level('第'),
        { text: 'ー', confidence: 0.2, cell: 1 },
        { text: '章', confidence: 0.99, cell: 2 },
      ]),
    ).toBe('第一章');
  });

  it('keeps letters that were read lying and not level', () => {
    expect(merged('きのうの雨は', level('きのうは'))).toBe('きのうの雨は');
  });

  it('gets no letters that are no marks, and no unsure marks', () => {
    expect(merged('春眠不觉晓', level('春眠不不觉晓'))).toBe('春眠不觉晓');
    expect(merged('春眠不觉晓', [...level('春眠不觉晓'), { text: '。', confidence: 0.2, cell: 5 }])).toBe('春眠不觉晓');
  });

  it('gets no other letter in place of one that was read lying', () => {
    expect(merged('穴、の下の', level('ルーの下の'), 0.7)).toBe('穴ーの下の');
  });

  it('gets no part of a mark as a second one', () => {
    const twice = [...level('なぜ？'), { text: '?', confidence: 0.9, cell: 2 }];
    expect(merged('なぜ?', twice)).toBe('なぜ？');
    const point = [...level('すごい！'), { text: '．', confidence: 0.9, cell: 3 }];
    expect(merged('すごい！', point)).toBe('すごい！');
  });

  it('is none if the two have little in common, as of a line of horizontal text on its side', () => {
    expect(merged('春眠不觉晓处处闻', level('一川丁口山、ー。'))).toBeUndefined();
  });

  it('tells where each letter comes from', () => {
    expect(mergedLetters(['コ', 'ヒ'], 1, level('コーヒ'))).toEqual([
      { text: 'コ', confidence: 1, at: 0, cell: 0 },
      { text: 'ー', confidence: 0.99, cell: 1 },
      { text: 'ヒ', confidence: 1, at: 1, cell: 2 },
    ]);
  });
});
