import type { TextWord } from '../../document/page.js';
import type { Point, Quad } from '../../geometry/point.js';
import type { Image, Size } from '../../image/image.js';
import { measure } from '../../trace/stage-times.js';
import { isTall, sizeOf } from '../crop-lines.js';
import type { RecognizedText } from '../recognize/ctc.js';
import type { LineRecognizer } from '../recognize/recognizer.js';
import type { TextLine } from '../text-line.js';
import { regionInPicture } from '../word-region.js';
import { cellsOf, type Cells } from './cells.js';
import { columnOf, lengthened, type Column } from './column.js';
import { levelLine, type LevelLine } from './level-line.js';
import { mergedLetters, type LevelLetter, type MergedLetter } from './merged-letters.js';
import { standingBox } from './standing-box.js';
import { isMostlyVertical } from './vertical-script.js';

/**
 * The lines, of which columns of Chinese and Japanese get the marks that the recognizer skips in a column that lies on its side: each
 * is also read with its letters side by side.
 */
export async function withVerticalMarks(
  image: Image,
  lines: readonly TextLine[],
  recognizer: LineRecognizer,
  { rec_model }: { readonly rec_model: string },
): Promise<readonly TextLine[]> {
  const columns = lines.flatMap((line) => {
    const box = isVerticalText(line.text) ? standingBox(line.text_region) : undefined;
    return box === undefined ? [] : [{ line, box }];
  });
  const better = new Map<TextLine, TextLine>();
  for (let next = 0; next < columns.length; next += portion) {
    const some = columns.slice(next, next + portion).map(({ line, box }) => ({ line, ...setLevel(image, box) }));
    const pictures = some.map(({ level }) => level.picture);
    const texts = await measure('recognize', () =>
      recognizer.recognize(pictures, { return_word_box: true, rec_model }),
    );
    some.forEach(({ line, ...column }, i) => {
      const text = texts[i];
      const letters = text && mergedLetters(Array.from(line.text), line.confidence, lettersOf(text, column));
      if (letters !== undefined) better.set(line, withLetters(image, line, letters, column));
    });
  }
  return better.size === 0 ? lines : lines.map((line) => better.get(line) ?? line);
}

/** Lines read at once, which bounds the memory for pages full of boxes. */
const portion = 64;

/** Whether a text has several characters, mostly of a script that is written from top to bottom. */
function isVerticalText(text: string): boolean {
  const letters = Array.from(text);
  return letters.length > 1 && isMostlyVertical(letters);
}

interface LeveledColumn {
  readonly column: Column;
  readonly cells: Cells;
  readonly level: LevelLine;
}

function setLevel(image: Image, box: Quad): LeveledColumn {
  const column = columnOf(image, box);
  const cells = cellsOf(column);
  return { column, cells, level: levelLine(column, cells) };
}

/** The characters of a line whose letters stand side by side. A recognizer may say no places: then they share the line evenly. */
function lettersOf(
  { text, confidence, words }: RecognizedText,
  { cells: { cells, first, last }, level }: LeveledColumn,
): LevelLetter[] {
  // The mark between two lines of a column is near the boxes of both.
  const belongs = ({ text: letter, cell }: LevelLetter): boolean =>
    (cell >= first || opening.test(letter)) && (cell <= last || !opening.test(letter));
  const line = { text, confidence, left: level.margin, right: level.margin + cells.length * level.step };
  const parts = words?.map((word) => ({ ...word, left: word.region[0][0], right: word.region[1][0] })) ?? [line];
  return parts.flatMap((part) => {
    const letters = Array.from(part.text);
    return letters.flatMap((letter, i): LevelLetter[] => {
      const x = part.left + ((i + 0.5) / letters.length) * (part.right - part.left);
      const cell = clamp(Math.floor((x - level.margin) / level.step), cells.length - 1);
      return [{ text: letter, confidence: part.confidence, cell }].filter(
        (one) => letter.trim() !== '' && belongs(one),
      );
    });
  });
}

/** Marks that begin a line: no others do, and these end none. */
const opening = /[「『（(《〈【〔]/;

/** The line with other letters. It becomes longer if a mark stands outside of its box. */
function withLetters(
  page: Size,
  line: TextLine,
  letters: readonly MergedLetter[],
  { column, cells: { cells } }: LeveledColumn,
): TextLine {
  const text = letters.map((letter) => letter.text).join('');
  if (text === line.text) return line;
  const mean = letters.reduce((sum, letter) => sum + letter.confidence, 0) / letters.length;
  // Lines below `drop_score` are gone already, and a faint mark makes the letters beside it no less sure.
  const confidence = Math.max(line.confidence, mean);
  const added = letters.flatMap(({ at, cell = -1 }) => (at === undefined ? (cells[cell]?.ink ?? []) : []));
  const from = Math.min(column.from, ...added.map(({ top }) => top));
  const to = Math.max(column.to, ...added.map(({ bottom }) => bottom));
  const text_region = lengthenedRegion(line.text_region, column, { from, to }, page);
  const changed = { ...line, text, confidence, text_region };
  if (line.words === undefined) return changed;
  const size = { width: to - from, height: column.map.width };
  const regionOf = (cell: number): Quad => {
    const { top = from, bottom = to } = cells[cell]?.ink ?? {};
    const [left, right] = [top - from, bottom - from];
    const lying: Quad = [
      [left, 0],
      [right, 0],
      [right, size.height],
      [left, size.height],
    ];
    return regionInPicture(lying, { box: text_region, size, isUpsideDown: false });
  };
  return { ...changed, words: wordsOf(line, letters, regionOf) };
}

interface Rows {
  readonly from: number;
  readonly to: number;
}

/** The region of a line whose column has more rows than its box. It begins at the same corner as before. */
function lengthenedRegion(region: Quad, column: Rows, { from, to }: Rows, { width, height }: Size): Quad {
  const box = standingBox(region);
  if (box === undefined || (from === column.from && to === column.to)) return region;
  const length = column.to - column.from;
  const inPage = ([x, y]: Point): Point => [clamp(x, width - 1), clamp(y, height - 1)];
  const [a, b, c, d] = lengthened(box, (column.from - from) / length, (to - column.to) / length);
  const corners: Quad = [inPage(a), inPage(b), inPage(c), inPage(d)];
  return isTall(sizeOf(region)) ? corners : [corners[1], corners[2], corners[3], corners[0]];
}

function clamp(value: number, most: number): number {
  return Math.min(Math.max(value, 0), most);
}

/** The words that were read, and one for each mark that was added. */
function wordsOf(line: TextLine, letters: readonly MergedLetter[], regionOf: (cell: number) => Quad): TextWord[] {
  const owners = (line.words ?? []).flatMap((word) => Array.from(word.text, () => word));
  // Words have no spaces.
  const places = Array.from(line.text).map((letter, at, all) =>
    letter.trim() === '' ? undefined : all.slice(0, at).filter((before) => before.trim() !== '').length,
  );
  const words: TextWord[] = [];
  let last: TextWord | undefined;
  for (const { text, confidence, at, cell = 0 } of letters) {
    if (text.trim() === '') continue;
    const owner = at === undefined ? undefined : owners[places[at] ?? -1];
    const word = words.at(-1);
    if (owner !== undefined && owner === last && word !== undefined)
      words.splice(-1, 1, { ...word, text: word.text + text });
    else words.push({ text, confidence: owner?.confidence ?? confidence, region: owner?.region ?? regionOf(cell) });
    last = owner;
  }
  return words;
}
