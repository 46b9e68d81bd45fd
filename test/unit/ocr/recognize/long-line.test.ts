import { describe, expect, it } from 'vitest';
import { blankImage, type Image } from '../../../../src/runtime/image/image.js';
import { decodeImage } from '../../../../src/runtime/document/decode-image.js';
import { cutLine, joinPieces } from '../../../../src/runtime/ocr/recognize/long-line.js';
import { recognizerParams } from '../../../../src/runtime/ocr/recognize/params.js';
import { Recognizer } from '../../../../src/runtime/ocr/recognize/recognizer.js';
import { fixtureBytes } from '../../../helpers/pictures.js';

/** A white line, 20 pixels high, with a black bar in every column for which `inked` is true. */
function line(width: number, inked: (x: number) => boolean): Image {
  const image = blankImage(width, 20);
  for (let at = 0; at < image.data.length; at++) image.data[at] = inked(Math.floor(at / 3) % width) ? 0 : 255;
  image.data.fill(255, 0, width * 3);
  return image;
}

function widthsOf(image: Image, widest: number): number[] {
  return cutLine(image, widest).map((piece) => piece.image.width);
}

describe('cutLine', () => {
  it('does not cut a line that is short enough', () => {
    const short = line(300, () => true);
    expect(cutLine(short, 300)[0]?.image).toBe(short);
  });

  it('cuts in the middle of the widest gap in the last third of a piece', () => {
    // The gap of 10 at 40 is too early; the gap of 6 at 84 is wider than the gap of 2 at 75.
    const gaps = [
      [40, 50],
      [75, 77],
      [84, 90],
    ] as const;
    const image = line(150, (x) => !gaps.some(([from, to]) => x >= from && x < to));
    expect(widthsOf(image, 100)).toEqual([87, 63]);
  });

  it('distinguishes a space from the gap between two letters', () => {
    const gapOf = (width: number): Image => line(150, (x) => x < 80 || x >= 80 + width);
    expect(cutLine(gapOf(3), 100).map(({ spaced }) => spaced)).toEqual([false, false]);
    expect(cutLine(gapOf(4), 100).map(({ spaced }) => spaced)).toEqual([false, true]);
  });

  it('returns all columns in pieces within the maximum width, with and without gaps', () => {
    for (const pitch of [7, 13, 1000]) {
      const image = line(1003, (x) => x % pitch > 2);
      const pieces = cutLine(image, 90);
      expect(pieces.reduce((sum, piece) => sum + piece.image.width, 0)).toBe(1003);
      expect(Math.max(...pieces.map((piece) => piece.image.width))).toBeLessThanOrEqual(90);
      const lastRow = pieces.flatMap((piece) => [...piece.image.data.subarray(-piece.image.width * 3)]);
      expect(lastRow).toEqual([...image.data.subarray(-1003 * 3)]);
    }
  });

  it.each([133, 2, 1, 0])('limits the number of pieces of an extremely long line, cut at %i pixels', (widest) => {
    const widths = widthsOf(blankImage(200_000, 1), widest);
    // A piece has at least two thirds of the maximum width.
    expect(widths.length).toBeLessThanOrEqual(64 * 1.5 + 1);
    expect(widths.reduce((a, b) => a + b)).toBe(200_000);
  });

  it('cuts a line of 3 pixels with a maximum width of 0', () => {
    expect(
      widthsOf(
        line(3, () => true),
        0,
      ),
    ).toEqual([1, 1, 1]);
  });
});

describe('joinPieces', () => {
  const image = blankImage(1, 1);

  it('returns the text of a single piece unchanged', () => {
    const text = { text: ' a ', confidence: 0.9 };
    expect(joinPieces([{ image, spaced: false }], [text])).toBe(text);
  });

  it('keeps a line that is too low for letters in one piece', () => {
    const rule = { width: 20_000, height: 3, data: new Uint8Array(20_000 * 3 * 3) };
    expect(cutLine(rule, 400)).toEqual([{ image: rule, spaced: false }]);
  });

  it('joins texts with spaces at spaced cuts, and weights confidences by letters', () => {
    const pieces = [false, true, false].map((spaced) => ({ image, spaced }));
    const texts = [
      { text: 'ab', confidence: 1 },
      { text: 'cd', confidence: 0.5 },
      { text: '', confidence: 0 },
    ];
    expect(joinPieces(pieces, texts)).toEqual({ text: 'ab cd', confidence: 0.75 });
  });
});

describe('the letters of joined pieces', () => {
  const letter = (text: string, at: number) => ({ text, confidence: 1, at });

  it('are placed in the whole line, with a space at each spaced cut', () => {
    const pieces = [
      { image: blankImage(30, 1), spaced: false },
      { image: blankImage(10, 1), spaced: true },
    ];
    const texts = [
      { text: 'ab', confidence: 1, letters: [letter('a', 0.2), letter('b', 1)] },
      { text: 'c', confidence: 1, letters: [letter('c', 0.5)] },
    ];
    const joined = joinPieces(pieces, texts);
    expect(joined.text).toBe('ab c');
    const expected = [
      ['a', 0.15],
      ['b', 0.75],
      [' ', 0.75],
      ['c', 0.875],
    ] as const;
    expect(joined.letters?.map(({ text }) => text)).toEqual(expected.map(([text]) => text));
    joined.letters?.forEach(({ at }, i) => expect(at).toBeCloseTo(expected[i]?.[1] ?? NaN));
  });
});

describe('a line longer than rec_max_width', () => {
  it('has its words at the same places as if it is read in one piece', async () => {
    const strip = await decodeImage(fixtureBytes('strip-wide.webp'));
    const part = { width: 3000, height: 48, data: new Uint8Array(3000 * 48 * 3) };
    for (let y = 0; y < 48; y++) {
      const from = (226 + y) * strip.width * 3;
      part.data.set(strip.data.subarray(from, from + part.width * 3), y * part.width * 3);
    }
    const [whole = [], pieces = []] = await Promise.all(
      [6400, 640].map(async (rec_max_width) => {
        const recognizer = await Recognizer.create(recognizerParams.parse({ rec_max_width }));
        const [read] = await recognizer.recognize([part], { return_word_box: true });
        return read?.words;
      }),
    );
    // The crop may cut the last word.
    expect(whole.length).toBeGreaterThan(20);
    expect(pieces.slice(0, -1).map(({ text }) => text)).toEqual(whole.slice(0, -1).map(({ text }) => text));
    const differences = whole.slice(0, -1).map(({ region: [[left], [right]] }, i) => {
      const [[otherLeft], [otherRight]] = pieces[i]?.region ?? [[NaN], [NaN]];
      return Math.max(Math.abs(left - otherLeft), Math.abs(right - otherRight));
    });
    expect(Math.max(...differences)).toBeLessThanOrEqual(2);
  });

  it.each([
    [640, 1],
    [1600, 1],
    [6400, 1],
    [640, 0.85],
  ])('is read completely in pieces of %i pixels with rec_width_scale %d', async (rec_max_width, rec_width_scale) => {
    const recognizer = await Recognizer.create(recognizerParams.parse({ rec_max_width, rec_width_scale }));
    const strip = await decodeImage(fixtureBytes('strip-wide.webp'));
    // The lowest line of the strip, with letters of 30 pixels; 48 rows are not resized.
    const lowest = {
      width: strip.width,
      height: 48,
      data: strip.data.subarray(226 * strip.width * 3, 274 * strip.width * 3),
    };
    const { wide } = JSON.parse(fixtureBytes('strips.json').toString()) as { wide: string[] };
    const [read] = await recognizer.recognize([lowest]);
    expect(read?.text).toBe(wide.at(-1));
  });
});
