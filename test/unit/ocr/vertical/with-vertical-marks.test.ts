import { describe, expect, it } from 'vitest';
import type { Quad } from '../../../../src/runtime/geometry/point.js';
import type { Image } from '../../../../src/runtime/image/image.js';
import type { RecognizedText } from '../../../../src/runtime/ocr/recognize/ctc.js';
import type { TextLine } from '../../../../src/runtime/ocr/text-line.js';
import { withVerticalMarks } from '../../../../src/runtime/ocr/vertical/with-vertical-marks.js';
import { bar, bracket, comma, drawnColumn, letter, type Stroke } from './drawn-column.js';

const pitch = 40;
const top = 46;

/** A box around some cells of a drawn column. */
function boxOf(from: number, to: number): Quad {
  const [upper, lower] = [top + from * pitch, top + to * pitch];
  return [
    [5, upper],
    [55, upper],
    [55, lower],
    [5, lower],
  ];
}

/** Reads a text in each line, with a place of its own for each letter. */
async function read(cells: readonly (readonly Stroke[])[], lines: readonly TextLine[], level: string) {
  const seen: Image[] = [];
  const recognize = (pictures: readonly Image[]): Promise<RecognizedText[]> => {
    seen.push(...pictures);
    const words = Array.from(level, (text, i) => ({ text, confidence: 0.98, region: place(i) }));
    return Promise.resolve(pictures.map(() => ({ text: level, confidence: 0.98, words })));
  };
  const picture = drawnColumn(cells, { top, pitch });
  const found = await withVerticalMarks(picture, lines, { recognize }, { rec_model: '' });
  return { found, seen };
}

function place(i: number): Quad {
  const [left, right] = [4 + (i + 0.2) * pitch, 4 + (i + 0.8) * pitch];
  return [
    [left, 0],
    [right, 0],
    [right, pitch],
    [left, pitch],
  ];
}

describe('columns of vertical text', () => {
  it('get the marks that were skipped', async () => {
    const line = { text: 'コヒを', confidence: 0.9, text_region: boxOf(0, 4) };
    const { found, seen } = await read([letter, bar, letter, letter], [line], 'コーヒを');
    expect(found).toEqual([{ text: 'コーヒを', confidence: expect.closeTo(0.92) as number, text_region: boxOf(0, 4) }]);
    expect(seen).toHaveLength(1);
    expect(seen[0]?.width).toBeGreaterThan((seen[0]?.height ?? 0) * 3);
  });

  it('are no less sure for a faint mark, so that none falls below drop_score', async () => {
    const line = { text: 'コヒを', confidence: 0.99, text_region: boxOf(0, 4) };
    const { found } = await read([letter, bar, letter, letter], [line], 'コーヒを');
    expect(found).toMatchObject([{ text: 'コーヒを', confidence: 0.99 }]);
  });

  it('become longer by marks outside of their boxes', async () => {
    const line = { text: '春花山', confidence: 0.9, text_region: boxOf(1, 4) };
    const { found } = await read([bracket, letter, letter, letter, comma], [line], '「春花山、');
    expect(found[0]?.text).toBe('「春花山、');
    const [[, upper] = [0, 0], , [, lower] = [0, 0]] = found[0]?.text_region ?? [];
    expect(Math.abs(upper - (top + 24))).toBeLessThan(3);
    expect(Math.abs(lower - (top + 4 * pitch + 12))).toBeLessThan(3);
  });

  it('leave a mark that ends the line before to that line', async () => {
    const line = { text: '春花山', confidence: 0.9, text_region: boxOf(1, 4) };
    const { found } = await read([comma, letter, letter, letter], [line], '、春花山');
    expect(found).toEqual([line]);
  });

  it('have a word for each mark that was added', async () => {
    const words = ['コ', 'ヒ', 'を'].map((text, i) => ({
      text,
      confidence: 0.9,
      region: boxOf(i === 0 ? 0 : i + 1, i + 2),
    }));
    const line = { text: 'コヒを', confidence: 0.9, text_region: boxOf(0, 4), words };
    const { found } = await read([letter, bar, letter, letter], [line], 'コーヒを');
    expect(found[0]?.words?.map(({ text }) => text)).toEqual(['コ', 'ー', 'ヒ', 'を']);
    const added = found[0]?.words?.[1]?.region ?? [];
    expect(added.every(([x, y]) => x >= 5 && x <= 55 && y >= top + pitch && y <= top + 2 * pitch)).toBe(true);
  });

  it('are also found on a page that was turned: their boxes begin at the upper right corner', async () => {
    const [a, b, c, d] = boxOf(1, 4);
    const line = { text: '春花山', confidence: 0.9, text_region: [b, c, d, a] as const };
    const { found } = await read([bracket, letter, letter, letter], [line], '「春花山');
    expect(found[0]?.text).toBe('「春花山');
    const [first, second] = found[0]?.text_region ?? [];
    expect(first?.[0]).toBe(55);
    expect(Math.abs((first?.[1] ?? 0) - (top + 24))).toBeLessThan(3);
    expect(second).toEqual([55, top + 4 * pitch]);
  });

  it.each([
    [
      'horizontal lines',
      '春花山',
      [
        [0, 0],
        [120, 0],
        [120, 40],
        [0, 40],
      ],
    ],
    [
      'columns that run upward',
      '春花山',
      [
        [55, 206],
        [5, 206],
        [5, 46],
        [55, 46],
      ],
    ],
    ['columns of other scripts', 'Harbour', boxOf(0, 4)],
    ['single characters', '山', boxOf(0, 4)],
  ] as const)('are not %s, which are read once', async (_, text, text_region) => {
    const line = { text, confidence: 0.9, text_region };
    const { found, seen } = await read([letter, letter, letter, letter], [line], 'コーヒを');
    expect(found).toEqual([line]);
    expect(seen).toEqual([]);
  });

  it('keep their text if their letters do not stand upright', async () => {
    const line = { text: '春花山川', confidence: 0.9, text_region: boxOf(0, 4) };
    const { found } = await read([letter, bar, letter, letter], [line], '一ー、。');
    expect(found).toEqual([line]);
  });

  it('get the text of a recognizer that tells no places', async () => {
    const line = { text: 'コヒを', confidence: 0.9, text_region: boxOf(0, 4) };
    const recognizer = { recognize: () => Promise.resolve([{ text: 'コーヒを', confidence: 0.98 }]) };
    const picture = drawnColumn([letter, bar, letter, letter], { top, pitch });
    const [found] = await withVerticalMarks(picture, [line], recognizer, { rec_model: '' });
    expect(found?.text).toBe('コーヒを');
  });
});
