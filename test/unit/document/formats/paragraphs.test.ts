import { describe, expect, it } from 'vitest';
import { paragraphsOf } from '../../../../src/runtime/document/formats/paragraphs.js';
import type { PageLine } from '../../../../src/runtime/document/page.js';
import { uprightPage } from '../../../../src/runtime/document/upright-page.js';
import type { Point, Quad } from '../../../../src/runtime/geometry/point.js';
import { inReadingOrder } from '../../../../src/runtime/ocr/order/reading-order.js';
import { line, rectangle, readPage } from '../../../helpers/read-documents.js';

/** Rows of text as a layout draws them: a letter is 10 wide and 20 high, a wide character 20 wide; a row is 25 high. */
function layout(rows: readonly string[], { left = 0, top = 0, step = 25 } = {}): PageLine[] {
  return rows.flatMap((row, i) => {
    const text = row.trim();
    if (text === '') return [];
    const x = left + (row.length - row.trimStart().length) * 10;
    return [line(text, rectangle(x, top + i * step, x + widthOf(text), top + i * step + 20))];
  });
}

const widthOf = (text: string): number =>
  Array.from(text).reduce(
    (width, letter) => width + (/[\u{3000}-\u{9fff}\u{ff00}-\u{ffef}]/u.test(letter) ? 20 : 10),
    0,
  );

const paragraphs = (lines: readonly PageLine[]): string[] => paragraphsOf(readPage(lines, { width: 900, height: 900 }));

const prose = [
  'A scanner takes a picture of a page, and a',
  'detector finds the lines in it. Each line is',
  'cut out and read.',
];
const proseText =
  'A scanner takes a picture of a page, and a detector finds the lines in it. Each line is cut out and read.';
const more = ['The words are then put in order so that a', 'program can use them.'];
const moreText = 'The words are then put in order so that a program can use them.';

describe('paragraphsOf', () => {
  it('joins the lines of a paragraph', () => {
    expect(paragraphs(layout(prose))).toEqual([proseText]);
  });

  it('parts paragraphs at a gap', () => {
    expect(paragraphs(layout([...prose, '', ...more]))).toEqual([proseText, moreText]);
  });

  it('parts paragraphs where a line is short, without a gap', () => {
    expect(paragraphs(layout([...prose, ...more]))).toEqual([proseText, moreText]);
  });

  it('parts paragraphs whose first lines are indented', () => {
    const full = ['    It is read by a network that was trained', 'on lines of many scripts, and it is read so'];
    const next = ['    The network answers letters and numbers.', 'Each has a probability.'];
    expect(paragraphs(layout([...full, ...next]))).toEqual([
      'It is read by a network that was trained on lines of many scripts, and it is read so',
      'The network answers letters and numbers. Each has a probability.',
    ]);
  });

  it('parts a heading in larger letters from its text', () => {
    const heading = line('A heading that is as wide as its text is', rectangle(0, 0, 430, 36));
    expect(paragraphs([heading, ...layout(prose, { top: 44 })])).toEqual([heading.text, proseText]);
  });

  it('keeps double-spaced lines together', () => {
    expect(paragraphs(layout(prose, { step: 44 }))).toEqual([proseText]);
  });

  it('parts the items of a list, and joins the lines of an item', () => {
    const rows = [
      '- the first item of the list is long, so that',
      '  it needs two lines',
      '- the second item is short',
    ];
    expect(paragraphs(layout(rows))).toEqual([
      '- the first item of the list is long, so that it needs two lines',
      '- the second item is short',
    ]);
    expect(paragraphs(layout(['1. one item that fills a whole line of text', '2. another']))).toHaveLength(2);
  });

  it('keeps two columns apart whose lines come in turns', () => {
    const left = layout(prose);
    const right = layout([...more, ''], { left: 480 });
    expect(paragraphs(left.flatMap((row, i) => [row, right[i]].filter((each) => each !== undefined)))).toEqual([
      proseText,
      moreText,
    ]);
  });

  it('joins the lines of columns of 27 letters or 9 Chinese characters', () => {
    const left = layout(['把图片中的文字变成', '可以搜索的文本', ''], { step: 35 });
    const rows = ['The page is cut into lines,', 'each line is turned upright', 'and then it is read.'];
    const right = layout(rows, { left: 300, step: 35 });
    expect(paragraphs(right.flatMap((row, i) => [row, left[i]].filter((each) => each !== undefined)))).toEqual([
      'The page is cut into lines, each line is turned upright and then it is read.',
      '把图片中的文字变成可以搜索的文本',
    ]);
  });

  it('keeps the cells of a table apart', () => {
    const names = layout(['Coffee', 'Croissant', 'Tea']);
    const prices = layout(['2.50', '1.80', '2.20'], { left: 300 });
    const cells = names.flatMap((name, i) => [name, prices[i]].filter((each) => each !== undefined));
    expect(paragraphs(cells)).toEqual(cells.map(({ text }) => text));
  });

  it('keeps the rows of an address apart', () => {
    const rows = ['Corner Market', '12 High Street', 'Springfield', 'Tel. 555 0100'];
    expect(paragraphs(layout(rows))).toEqual(rows);
  });

  it('joins Chinese lines without a space', () => {
    const rows = ['文字识别服务读取图片中的每一行文字，并', '按阅读顺序给出结果。服务运行在本机。'];
    expect(paragraphs(layout(rows))).toEqual([rows.join('')]);
  });

  it('parts Chinese paragraphs whose first lines are indented', () => {
    const rows = [
      '    文字识别服务读取图片中的每一行文字，',
      '并且按阅读顺序给出所有的结果和它的位置。',
      '    服务运行在本机。',
    ];
    expect(paragraphs(layout(rows))).toEqual([
      '文字识别服务读取图片中的每一行文字，并且按阅读顺序给出所有的结果和它的位置。',
      '服务运行在本机。',
    ]);
  });

  it('joins Korean lines with a space', () => {
    const rows = ['문자 인식 서비스는 그림에서 글자를 읽어서 순서대로', '결과를 돌려준다'];
    expect(paragraphs(layout(rows))).toEqual([rows.join(' ')]);
  });

  it('joins a word divided by a hyphen, and keeps the hyphen before a capital', () => {
    expect(paragraphs(layout(['The engine reads the lines in their read-', 'ing order.']))).toEqual([
      'The engine reads the lines in their reading order.',
    ]);
    expect(paragraphs(layout(['The engine reads the lines of the Austro-', 'Hungarian letter.']))).toEqual([
      'The engine reads the lines of the Austro-Hungarian letter.',
    ]);
  });

  it.each([
    ['the scanner finds all the lines by rec-', 'ognition of letters', 'by recognition of'],
    ['the scanner is the most modern state-of-the-', 'art machine of all', 'state-of-the-art machine'],
    ['it is a well-known rule that all of a well-', 'known kind are read', 'of a well-known kind'],
    ['the report of all the years from 2019-', '2024 is complete', 'from 2019-2024 is'],
    ['the people have suffered from COVID-', '19 for a long time', 'from COVID-19 for'],
    ['the rule that was found by INTER-', 'NATIONAL committees', 'by INTER-NATIONAL committees'],
    ['the reader of all pages is made for short-', 'and long-term storage', 'for short- and long-term'],
    ['the reader that is made for all of the up-', 'to-date machines', 'the up-to-date machines'],
    ['Die Leser aller Seiten zeigen hier die Vor-', 'und Nachteile davon', 'die Vor- und Nachteile'],
    ['Die Leser aller Seiten zeigen sofort die Über-', 'prüfung davon', 'die Überprüfung davon'],
    ['the machine reads all lines of the page -', 'also the small ones', 'page - also the'],
    ['the machine reads all the lines in rec\u{2010}', 'ognition of letters', 'in recognition of'],
    ['the machine reads all the lines in rec\u{ad}', 'ognition of letters', 'in recognition of'],
  ])('joins "%s" and "%s"', (first, second, joined) => {
    expect(paragraphs(layout([first, second]))).toEqual([expect.stringContaining(joined)]);
  });

  it.each([
    ['文字识别服务读取图片中的每一行文字,', '并按阅读顺序给出结果', '文字,并按'],
    ['文字识别服务读取图片中的每一行文字……', '并按阅读顺序给出结果', '文字……并按'],
    ['文字识别服务读取图片中的每一行“文字”', '并按阅读顺序给出结果', '“文字”并按'],
    ['文字识别服务读取图片中的每一行文字。', '并按阅读顺序给出结果', '文字。并按'],
    ['文字识别服务读取图片中的每一行文字的', 'OCR 结果', '文字的 OCR 结果'],
    ['这个服务可以读取图片中所有的行 with OCR', '并按阅读顺序给出结果', 'with OCR 并按'],
    ['画像の中の文字を読み取ってテキストにする', 'サービスです', 'テキストにするサービスです'],
  ])('joins "%s" and "%s" as their script asks', (first, second, joined) => {
    expect(paragraphs(layout([first, second]))).toEqual([expect.stringContaining(joined)]);
  });

  it.each([
    [['① 文字识别服务读取图片中的每一行文字并输出', '② 服务运行在本机']],
    [['1、文字识别服务读取图片中的每一行文字并输出', '2、服务运行在本机']],
    [['（一）文字识别服务读取图片中的每一行文字输出', '（二）服务运行在本机']],
    [['•the first of the items fills a whole line of', '•the second of them']],
    [['a) the first of the items fills a whole line of', 'b) the second of them']],
  ])('parts the items %j', (rows) => {
    expect(paragraphs(layout(rows))).toEqual(rows);
  });

  it.each([1, 1.25, 1.8])('parts a heading %d times as high as the text, and text below the next one', (scale) => {
    const heading = (text: string, top: number): PageLine =>
      line(text, rectangle(0, top, text.length * 10 * scale, top + 20 * scale));
    const page = [
      heading('1 Introduction', 0),
      ...layout(prose, { top: 25 * scale }),
      heading('2 Methods', 25 * scale + 75),
      ...layout(more, { top: 50 * scale + 75 }),
    ];
    expect(paragraphs(page)).toEqual(['1 Introduction', proseText, '2 Methods', moreText]);
  });

  it('joins the lines of two columns in reading order', () => {
    const page = [...layout([...prose, '', ...more]), ...layout([...more, '', ...prose], { left: 480, top: 6 })];
    expect(paragraphs(inReadingOrder(page.toReversed()))).toEqual([proseText, moreText, moreText, proseText]);
  });

  const poem = [
    '文字识别服务读取图片中的每一行文字',
    '并按阅读顺序给出结果。',
    '服务运行在本机，也可以在多台机器上',
    '运行。',
  ];
  const poemText = [`${poem[0] ?? ''}${poem[1] ?? ''}`, `${poem[2] ?? ''}${poem[3] ?? ''}`];
  const vertical = (rows: readonly string[]): PageLine[] =>
    rows.map((text, i) => line(text, rectangle(600 - i * 30, 40, 620 - i * 30, 40 + text.length * 20)));

  it('joins columns of vertical text from right to left', () => {
    expect(paragraphs(inReadingOrder(vertical(poem).toReversed()))).toEqual(poemText);
  });

  it('joins columns of vertical text on the page that was turned', () => {
    const { lines, width, height } = uprightPage(readPage(vertical(poem), { width: 900, height: 900 }));
    expect(paragraphsOf(readPage(lines, { width, height }))).toEqual(poemText);
  });

  it('joins vertical text beside lines by itself', () => {
    const page = [...layout(prose), ...vertical(poem)];
    expect(paragraphs(inReadingOrder(page.toReversed()))).toEqual([proseText, ...poemText]);
  });

  it('joins lines that run from right to left, aligned at the right', () => {
    const rows = ['זוהי פסקה של טקסט בעברית שנקראת מימין לשמאל', 'ונגמרת כאן.', 'פסקה שנייה'];
    const lines = rows.map((text, i) => line(text, rectangle(500 - text.length * 10, i * 25, 500, i * 25 + 20)));
    expect(paragraphs(lines)).toEqual([`${rows[0] ?? ''} ${rows[1] ?? ''}`, rows[2]]);
  });

  it.each([-12, 5, 90, 180])('joins the lines of a page that is tilted by %i degrees', (degrees) => {
    const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
    const turned = ([x, y]: Point): Point => [400 + x * cos - y * sin, 400 + x * sin + y * cos];
    const tilted = layout([...prose, '', ...more]).map(({ text, text_region: [a, b, c, d] }) => {
      const region: Quad = [turned(a), turned(b), turned(c), turned(d)];
      return line(text, region);
    });
    expect(paragraphs(tilted)).toEqual([proseText, moreText]);
  });

  it('returns nothing for a page without text', () => {
    expect(paragraphs([])).toEqual([]);
    expect(paragraphs([line('  ', rectangle(0, 0, 9, 9))])).toEqual([]);
  });

  it('makes one row of a line with line breaks', () => {
    expect(paragraphs([line('a\r\nb\u2028c', rectangle(0, 0, 90, 9))])).toEqual(['a b c']);
  });

  it('joins 3,000 lines to one paragraph, and leaves as many apart', () => {
    const together = layout(Array.from({ length: 3000 }, () => prose[0] ?? ''));
    const apart = layout(
      Array.from({ length: 3000 }, () => prose[0] ?? ''),
      { step: 100 },
    );
    expect(paragraphs(together)).toHaveLength(1);
    expect(paragraphs(apart)).toHaveLength(3000);
  });
});
